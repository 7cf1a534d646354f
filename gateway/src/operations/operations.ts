import type { Identity } from '@storegraph/auth';
import {
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
import type { CompiledOperation, Engine } from '../execution/contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { notPersisted } from '../persisted/persisted.ts';
import type { OperationRules, Way } from './rules.ts';

/** One operation as a client sent it over a connection that stays. */
export interface AskedOperation {
  /** The text. Empty where the operation is named by an id. */
  readonly query: string;
  /** The id of a persisted operation. */
  readonly documentId?: unknown;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** May name a persisted operation, in the form of automatic persisted queries. */
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
  readonly way: Exclude<Way, 'REQUEST'>;
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

/** The one way in for operations that do not come by Apollo Server, which has syntax and validity looked at by itself. */
export interface Operations {
  /** Checks rules, syntax and validity, and plans. What it gives is for the engine that is in use when it is there. Rejects with NotPrepared. */
  prepare(asked: AskedOperation, identity: Identity, explanation?: Explanation): Promise<PreparedOperation>;
}

const keptDocuments = 2_000;
const keptCharacters = 10_000_000;

/** `engine`: the one to use now. A reload puts another in its place. */
export function createOperations(engine: () => Engine, rules: OperationRules): Operations {
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

  function documentOf(schema: GraphQLSchema, query: string, explanation: Explanation | undefined): DocumentNode {
    const documents = documentsOf(schema);
    const found = documents.get(query);
    if (found) return found;
    const hasParsed = explanation?.begin('parsing');
    const document = parsed(query, rules.parsing);
    hasParsed?.();
    const hasValidated = explanation?.begin('validation');
    const errors = validate(schema, document, specifiedRules, rules.validation);
    hasValidated?.();
    if (errors.length > 0) throw new NotPrepared(errors.map((error) => coded(error, error.message, 'GRAPHQL_VALIDATION_FAILED')));
    documents.set(query, document);
    return document;
  }

  async function prepared(query: string, asked: AskedOperation, identity: Identity, explanation?: Explanation): Promise<PreparedOperation> {
    const { operationName, variables, way } = asked;
    const used = engine();
    const { schema } = used;
    const document = documentOf(schema, query, explanation);
    const definition = rules.admit(document, operationName, identity, way);
    const hasPlanned = explanation?.begin('planning');
    const compiled = await used.operation(document, operationName);
    hasPlanned?.();
    // Another supergraph has come meanwhile. What lives on would be left behind with the former one.
    if (used !== engine()) return prepared(query, asked, identity, explanation);
    explanation?.planned(compiled.plan);
    const made = { compiled, document, definition, schema, variables: { ...variables } };
    // A query says of its variables when it is executed; a subscription is sent on before.
    if (definition.operation === OperationTypeNode.SUBSCRIPTION) ensureVariables(made);
    return made;
  }

  return {
    async prepare(asked, identity, explanation) {
      const { query, documentId, variables, extensions } = asked;
      try {
        // A WebSocket's message needs a text; an empty one says that the operation is named.
        const { text = '' } = rules.read({ query: query === '' ? undefined : query, documentId, variables, extensions });
        // What clients register by themselves, they register over HTTP: here they send the text.
        if (text === '' && extensions?.['persistedQuery'] != null) throw notPersisted();
        return await prepared(text, asked, identity, explanation);
      } catch (error) {
        if (error instanceof GraphQLError) throw new NotPrepared([error]);
        throw error;
      }
    },
  };
}

function parsed(query: string, options: OperationRules['parsing']): DocumentNode {
  try {
    return parse(query, options);
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
