import { createHash } from 'node:crypto';
import { GraphQLError, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import { refused } from '../errors.ts';
import { defaultDocumentLimits, exceededLimit, type DocumentLimit, type DocumentLimits } from './document-limits.ts';
import { nodesAskedFor, pagesOf, type Page } from './page-limit.ts';
import { defaultVariableLimits, exceededVariableLimit, type VariableLimits } from './variable-limits.ts';

export interface Limits extends DocumentLimits {
  readonly variables: VariableLimits;
  /** What an operation may ask for at most: the pages within pages, multiplied. */
  readonly nodes: number;
  readonly bodyBytes: number;
  /** Of a public route: uploads are larger than operations. */
  readonly publicBodyBytes: number;
  /** Given to the planner, which is synchronous: how many plans it may weigh before it takes the best so far. */
  readonly evaluatedPlans: number;
}

export const defaultLimits: Limits = {
  ...defaultDocumentLimits,
  variables: defaultVariableLimits,
  nodes: 10_000,
  bodyBytes: 1024 * 1024,
  publicBodyBytes: 30 * 1024 * 1024,
  evaluatedPlans: 1_000,
};

/** Refuses operations that would cost too much to validate, plan or answer. */
export interface LimitGuard {
  /** Throws BAD_REQUEST, and names the limit. `source` and `variables` as a client sent them, of whatever type. */
  check(source: unknown, variables: unknown): void;
}

/** What is known of a document whatever its variables are. */
interface Verdict {
  readonly exceeded: DocumentLimit | undefined;
  /** Of each operation. */
  readonly pages: readonly (readonly Page[])[];
}

const weightOf = (pages: readonly Page[]): number => pages.reduce((sum, { inner }) => sum + 1 + weightOf(inner), 0);

export function createLimitGuard(limits: Limits): LimitGuard {
  const verdicts = new LRUCache<string, Verdict>({
    max: 5_000,
    maxSize: 100_000,
    sizeCalculation: ({ pages }) => 1 + pages.reduce((sum, each) => sum + weightOf(each), 0),
  });

  function verdictOn(source: string): Verdict {
    const key = createHash('sha256').update(source).digest('base64');
    const known = verdicts.get(key) ?? examined(source, limits);
    verdicts.set(key, known);
    return known;
  }

  function exceededBy(source: string, variables: unknown): DocumentLimit | 'nodes' | undefined {
    const { exceeded, pages } = verdictOn(source);
    if (exceeded) return exceeded;
    return pages.some((operation) => nodesAskedFor(operation, variables) > limits.nodes) ? 'nodes' : undefined;
  }

  return {
    check(source, variables) {
      const exceeded =
        exceededVariableLimit(variables, limits.variables) ?? (typeof source === 'string' ? exceededBy(source, variables) : undefined);
      if (exceeded) throw refused('BAD_REQUEST', `The operation exceeds a limit: ${exceeded}.`, { limit: exceeded });
    },
  };
}

/** Runs before validation, some of whose rules compare every field with every other. What does not parse is left for the server to refuse. */
function examined(source: string, limits: Limits): Verdict {
  const refusedFor = (exceeded: DocumentLimit | undefined): Verdict => ({ exceeded, pages: [] });
  try {
    const document = parse(source, { noLocation: true, maxTokens: limits.tokens });
    const exceeded = exceededLimit(document, limits);
    return exceeded ? refusedFor(exceeded) : { exceeded, pages: pagesOf(document) };
  } catch (error) {
    // Anything else than a syntax error is the parser at the end of its stack.
    if (!(error instanceof GraphQLError)) return refusedFor('valueDepth');
    return refusedFor(error.message.includes('Document contains more') ? 'tokens' : undefined);
  }
}
