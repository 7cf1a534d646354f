import type { Identity } from '@storegraph/auth';
import type { DocumentNode, OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { refused } from '../errors.ts';
import { operationNamed } from '../execution/operation-named.ts';
import { introspectionRule } from '../http/introspection.ts';
import type { LimitGuard } from '../limits/limits.ts';
import { validationOptions } from '../limits/validation.ts';
import type { NamedOperation, PersistedOperations } from '../persisted/persisted.ts';
import { hasConditionalRoot } from './conditional-root.ts';

/** How an operation came: by a plain request, over a connection that stays, or over one that any page which a user visits could have opened by a link. */
export type Way = 'REQUEST' | 'CONNECTION' | 'LINK';

/** What a client asks for, of whatever type it sent. */
export interface Asked extends NamedOperation {
  readonly variables?: unknown;
}

/** Whether an operation may be run, however it came: by Apollo Server, a WebSocket or an event stream. What it costs, `Costs` says. */
export interface OperationRules {
  /** How documents are parsed and validated. */
  readonly parsing: { readonly maxTokens: number };
  readonly validation: { readonly maxErrors: number; readonly hideSuggestions: boolean };
  /**
   * The operation's text, which is undefined where a client's own hash names it, and whether it was looked up by an id. Throws BAD_REQUEST for what
   * exceeds a limit or subscribes to what may be left out, and what `PersistedOperations.documentOf` throws.
   */
  read(asked: Asked): { readonly text: string | undefined; readonly persisted: boolean };
  /** The operation that is meant. Throws BAD_REQUEST where there is none, or none that may come this way, and UNAUTHENTICATED or FORBIDDEN for introspection. */
  admit(document: DocumentNode, operationName: string | null | undefined, identity: Identity, way: Way): OperationDefinitionNode;
}

interface RulesOptions {
  readonly guard: LimitGuard;
  readonly persisted: PersistedOperations;
  readonly maxTokens: number;
  /** Whether everybody may read the schema. */
  readonly introspection: boolean;
}

const turnedAway: Readonly<Record<Way, Readonly<Partial<Record<OperationTypeNode, string>>>>> = {
  REQUEST: { subscription: 'Subscriptions are not served over a plain request.' },
  CONNECTION: {},
  LINK: { mutation: 'A mutation needs POST.' },
};

export function createOperationRules({ guard, persisted, maxTokens, introspection }: RulesOptions): OperationRules {
  const ensureMayIntrospect = introspectionRule(introspection);
  const parsing = { maxTokens };
  return {
    parsing,
    validation: validationOptions(introspection),
    read({ variables, ...named }) {
      const found = persisted.documentOf(named);
      const text = found ?? (typeof named.query === 'string' ? named.query : undefined);
      guard.check(text, variables);
      if (text !== undefined && hasConditionalRoot(text, parsing))
        throw refused('BAD_REQUEST', 'The field of a subscription takes no @skip and no @include.');
      return { text, persisted: found !== undefined };
    },
    admit(document, operationName, identity, way) {
      const definition = operationNamed(document, operationName);
      const reason = turnedAway[way][definition.operation];
      if (reason !== undefined) throw refused('BAD_REQUEST', reason);
      ensureMayIntrospect(document, identity);
      return definition;
    },
  };
}
