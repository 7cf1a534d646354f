import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.ts';

/** Plans, compiles and executes operations over one supergraph. It knows no domain and no identity. */
export interface Engine {
  /** The API schema, which documents are validated against. */
  readonly schema: GraphQLSchema;
  /** Every subgraph of the supergraph, by name. */
  readonly subgraphs: readonly string[];
  /**
   * The compiled operation, from the cache or made now. The document has been validated against `schema`. Throws a coded GraphQLError when it has no such
   * operation, or one that can't be planned.
   */
  operation(document: DocumentNode, operationName: string | null | undefined): CompiledOperation;
  /** The operations that were asked for most often, hottest first, so that a new engine can be warmed with them before it takes over. */
  hottest(count: number): readonly HotOperation[];
}

export interface HotOperation {
  /** One operation with the fragments that it uses. */
  readonly document: DocumentNode;
  readonly operationName: string | null;
}

export interface EngineOptions {
  /** How a fetch reaches its subgraph. */
  readonly call: SubgraphCall;
  /** Looks at what a subgraph sent without having been called, as an event of a subscription. Without it, an event is believed as it is. */
  readonly receive?: SubgraphReceive;
  /** How many plans the planner may weigh before it takes the best so far. */
  readonly maxEvaluatedPlans: number;
  /** How many compiled operations are kept at most: fewer where they are large. 1,000 without it. */
  readonly cachedOperations?: number;
}

export type SubgraphCall = (
  subgraph: string,
  fetch: FetchRequest,
  caller: RequestContext,
  signal: AbortSignal | undefined,
) => Promise<FetchAnswer>;

export type SubgraphReceive = (subgraph: string, shape: FetchShape, payload: unknown, caller: RequestContext) => FetchAnswer;

/** One operation for one subgraph. */
export interface FetchRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  /** The variables as JSON text: what a transport that sends text needs. */
  readonly variablesText: string;
  /** The same as an object, made anew and only when it is asked for: the receiver may keep or change it. */
  readonly variables: Record<string, unknown>;
  /** How many representations it carries; undefined when it asks for no entities. */
  readonly representations: number | undefined;
  readonly shape: FetchShape;
}

export interface FetchShape {
  /** Whether data has lists where lists belong, objects where objects belong and types that exist. */
  fits(data: unknown): boolean;
}

/** What a subgraph said, checked, and with nothing in it that a client must not see. It belongs to whoever gets it, who will change it. */
export interface FetchAnswer {
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly FetchError[];
}

export interface FetchError {
  readonly message: string;
  /** Inside the fetch. Without it, and without data, the error stands at every field that stays empty. */
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface CompiledOperation {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly plan: QueryPlan;
  /** Answers a query or a mutation. Never rejects for what a subgraph does, but with a coded GraphQLError for an answer that would be too large. */
  execute(call: OperationCall): Promise<OperationAnswer>;
  readonly subscription?: CompiledSubscription;
}

export interface CompiledSubscription {
  readonly subgraph: string;
  /** What the subgraph is subscribed with. */
  source(variables: Record<string, unknown>): SubscriptionSource;
  /** One event: the payload as the subgraph sent it, completed by the rest of the plan as this caller. */
  answer(payload: unknown, call: OperationCall): Promise<OperationAnswer>;
}

export interface SubscriptionSource {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown>;
}

export interface OperationCall {
  /** As the client sent them. They are coerced inside; bad ones are answered, not thrown. */
  readonly variables: Record<string, unknown>;
  readonly caller: RequestContext;
  /** When it is aborted no further fetch starts, and those under way that nobody else waits for are aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface OperationAnswer {
  /** JSON text, which may be `null`; undefined when nothing was executed. */
  readonly data: string | undefined;
  readonly errors: readonly GraphQLFormattedError[];
  /** How many objects stand in the answer below its root. One that stands at several places counts at each. */
  readonly objects: number;
}
