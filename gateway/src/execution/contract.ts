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
   * The compiled operation, from the cache or made now. The document has been validated against `schema`. Rejects with a coded GraphQLError when it has no
   * such operation, or one that can't be planned.
   */
  operation(document: DocumentNode, operationName: string | null | undefined): Promise<CompiledOperation>;
  /** The operations that were asked for most often, hottest first, so that a new engine can be warmed with them before it takes over. */
  hottest(count: number): readonly HotOperation[];
  /** How many compiled operations are kept. */
  kept(): number;
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
  /** Called when an operation has to be planned; what it gives is called when that has ended. */
  readonly onPlanning?: (() => (outcome: PlanningOutcome) => void) | undefined;
  /** Told what becomes of each operation that is asked for, and of those that were kept. */
  readonly onCache?: ((event: CacheEvent) => void) | undefined;
  /** How many compiled operations are kept at most: fewer where they are large. 1,000 without it. */
  readonly cachedOperations?: number;
}

/** `hit`: it was kept. `miss`: it had to be planned, or waited for. `evicted`: one that was kept made room for others. */
export type CacheEvent = 'hit' | 'miss' | 'evicted';

/** `refused`: it has no plan, or not in time. `failed`: the planner did. */
export type PlanningOutcome = 'planned' | 'refused' | 'failed';

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
  /** Looks on. Without one nothing is measured. */
  readonly watch?: Watch | undefined;
}

/** Looks on while an operation is executed. Each of its functions runs what it is given, once and at once, and gives what that gives. */
export interface Watch {
  /** A node of the plan that has others below it. `path` leads to the objects that it fills, `@` standing for each item of a list. */
  node<T>(kind: 'sequence' | 'parallel' | 'flatten', path: readonly string[], run: () => T): T;
  fetch(fetch: WatchedFetch, run: () => SentFetch): SentFetch;
}

export interface WatchedFetch {
  readonly subgraph: string;
  readonly path: readonly string[];
  readonly query: string;
  readonly operationName: string | undefined;
  /** How many representations it carries; undefined when it asks for no entities. */
  readonly representations: number | undefined;
}

export interface SentFetch {
  readonly answer: Promise<FetchAnswer>;
  /** An equal fetch was under way, and its answer is taken. */
  readonly shared: boolean;
}

export interface OperationAnswer {
  /** JSON text, which may be `null`; undefined when nothing was executed. */
  readonly data: string | undefined;
  readonly errors: readonly GraphQLFormattedError[];
  /** How many objects stand in the answer below its root. One that stands at several places counts at each. */
  readonly objects: number;
}
