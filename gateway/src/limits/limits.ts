import { OperatorError } from '@storegraph/core';
import { createHash } from 'node:crypto';
import { GraphQLError, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import { refused } from '../errors.ts';
import { defaultDocumentLimits, exceededLimit, type DocumentLimit, type DocumentLimits } from './document-limits.ts';
import { defaultVariableLimits, exceededVariableLimit, type VariableLimits } from './variable-limits.ts';

export interface Limits extends DocumentLimits, VariableLimits {
  readonly bodyBytes: number;
  /** Of a public route: uploads are larger than operations. */
  readonly publicBodyBytes: number;
  /** Given to the planner, which is synchronous: how many plans it may weigh before it takes the best so far. */
  readonly evaluatedPlans: number;
  /**
   * How much CPU planning one operation may take, in milliseconds. Infinite: it is planned in the gateway's own thread, however long that takes; for whoever
   * knows the operations.
   */
  readonly planningMs: number;
}

export const defaultLimits: Limits = {
  ...defaultDocumentLimits,
  ...defaultVariableLimits,
  bodyBytes: 1024 * 1024,
  publicBodyBytes: 30 * 1024 * 1024,
  evaluatedPlans: 1_000,
  planningMs: 1_000,
};

/** Limits by their names, as an operator gives them. Throws an OperatorError for a name that is none. */
export function limitsNamed(given: Readonly<Record<string, number>>): Partial<Limits> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(defaultLimits, name))
      throw new OperatorError(`There is no limit "${name}".`, `The limits are ${Object.keys(defaultLimits).join(', ')}.`);
  return given;
}

/** Refuses operations that would cost too much to validate or plan. */
export interface LimitGuard {
  /** Throws BAD_REQUEST, and names the limit. `source` and `variables` as a client sent them, of whatever type. */
  check(source: unknown, variables: unknown): void;
}

export function createLimitGuard(limits: Limits): LimitGuard {
  const verdicts = new LRUCache<string, { readonly exceeded: DocumentLimit | undefined }>({ max: 5_000 });

  function exceededBy(source: string): DocumentLimit | undefined {
    if (source.length > limits.characters) return 'characters';
    const key = createHash('sha256').update(source).digest('base64');
    const verdict = verdicts.get(key) ?? { exceeded: examined(source, limits) };
    verdicts.set(key, verdict);
    return verdict.exceeded;
  }

  return {
    check(source, variables) {
      const exceeded = exceededVariableLimit(variables, limits) ?? (typeof source === 'string' ? exceededBy(source) : undefined);
      if (exceeded) throw refused('BAD_REQUEST', `The operation exceeds a limit: ${exceeded}.`, { limit: exceeded });
    },
  };
}

/** Runs before validation, some of whose rules compare every field with every other. What does not parse is left for the server to refuse. */
function examined(source: string, limits: Limits): DocumentLimit | undefined {
  try {
    return exceededLimit(parse(source, { noLocation: true, maxTokens: limits.tokens }), limits);
  } catch (error) {
    // Anything else than a syntax error is the parser at the end of its stack, which how much else stands on it decides: one name for both ends.
    return !(error instanceof GraphQLError) || error.message.includes('Document contains more') ? 'tokens' : undefined;
  }
}
