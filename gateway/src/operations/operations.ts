import type { Identity } from '@storegraph/auth';
import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { refused } from '../errors.ts';
import type { CompiledOperation, Engine } from '../execution/contract.ts';
import { introspectionRule } from '../http/introspection.ts';
import type { LimitGuard } from '../limits/limits.ts';
import { validationOptions } from '../limits/validation.ts';
import { notPersisted, type PersistedOperations } from '../persisted/persisted.ts';

/** One operation as a client sent it over a connection that stays. */
export interface AskedOperation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** May name a persisted operation, in the form of automatic persisted queries. */
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
  /** It came in a way in which any page that a user visits could have sent it: it may change nothing. */
  readonly readOnly?: boolean;
}

export interface PreparedOperation {
  readonly compiled: CompiledOperation;
  readonly document: DocumentNode;
  /** The operation's own part of its document. */
  readonly definition: OperationDefinitionNode;
  /** What it is checked against. */
  readonly schema: GraphQLSchema;
  readonly variables: Record<string, unknown>;
}

/** What keeps an operation from being run: errors with codes, not masked yet. */
export class NotPrepared extends Error {
  override readonly name = 'NotPrepared';
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super('The operation can not be run.');
    this.errors = errors;
  }
}

/** The one way in for operations that do not come by Apollo Server. Over either, the same operation meets the same rules. */
export interface Operations {
  /** Checks limits, syntax, validity and who may introspect. Throws NotPrepared. */
  prepare(asked: AskedOperation, identity: Identity): PreparedOperation;
}

export interface OperationsOptions {
  /** The one to use now: a reload puts another in its place. */
  readonly engine: () => Engine;
  readonly guard: LimitGuard;
  readonly persisted: PersistedOperations;
  readonly maxTokens: number;
  /** Whether everybody may read the schema. */
  readonly introspection: boolean;
}

const keptDocuments = 2_000;
const keptCharacters = 10_000_000;

export function createOperations({ engine, guard, persisted, maxTokens, introspection }: OperationsOptions): Operations {
  const mayIntrospect = introspectionRule(introspection);
  let known: { readonly schema: GraphQLSchema; readonly documents: LRUCache<string, DocumentNode> } | undefined;

  /** Documents that were found valid, of one schema. */
  function documentsOf(schema: GraphQLSchema): LRUCache<string, DocumentNode> {
    if (known?.schema !== schema)
      known = {
        schema,
        documents: new LRUCache({ max: keptDocuments, maxSize: keptCharacters, sizeCalculation: (_, { length }) => length + 1 }),
      };
    return known.documents;
  }

  function documentOf(schema: GraphQLSchema, query: string): DocumentNode {
    const documents = documentsOf(schema);
    const found = documents.get(query);
    if (found) return found;
    const document = parsed(query, maxTokens);
    const errors = validate(schema, document, specifiedRules, validationOptions(introspection));
    if (errors.length > 0) throw new NotPrepared(errors.map((error) => coded(error, error.message, 'GRAPHQL_VALIDATION_FAILED')));
    documents.set(query, document);
    return document;
  }

  return {
    prepare({ query: sent, operationName, variables, extensions, readOnly }, identity) {
      try {
        // A WebSocket's message needs a text; an empty one says that the operation is named.
        const query = persisted.documentOf({ query: sent === '' ? undefined : sent, extensions }) ?? sent;
        // What clients register by themselves, they register over HTTP: here they send the text.
        if (query === '' && extensions?.['persistedQuery'] != null) throw notPersisted();
        guard.check(query, variables);
        const { schema, operation } = engine();
        const document = documentOf(schema, query);
        const definition = getOperationAST(document, operationName);
        if (!definition) throw refused('BAD_REQUEST', 'The document has no operation of that name, or several and none was named.');
        if (readOnly && definition.operation === OperationTypeNode.MUTATION) throw refused('BAD_REQUEST', 'A mutation needs POST.');
        mayIntrospect(document, identity);
        const prepared = { compiled: operation(document, operationName), document, definition, schema, variables: { ...variables } };
        // A query says of its variables when it is executed; a subscription is sent on before.
        if (definition.operation === OperationTypeNode.SUBSCRIPTION) ensureVariables(prepared);
        return prepared;
      } catch (error) {
        if (error instanceof GraphQLError) throw new NotPrepared([error]);
        throw error;
      }
    },
  };
}

function parsed(query: string, maxTokens: number): DocumentNode {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw coded(error, error.message, 'GRAPHQL_PARSE_FAILED');
  }
}

function ensureVariables({ schema, definition, variables }: Omit<PreparedOperation, 'compiled'>): void {
  const { errors } = getVariableValues(schema, definition.variableDefinitions ?? [], variables, { maxErrors: 10 });
  if (errors) throw new NotPrepared(errors.map((error) => coded(error, error.message, 'BAD_USER_INPUT')));
}

const coded = ({ nodes, source, positions, originalError }: GraphQLError, message: string, code: string): GraphQLError =>
  new GraphQLError(message, { nodes, source, positions, originalError, extensions: { code } });
