import type { Credential, Identity } from '@storegraph/auth';

/** One operation for one subgraph, on behalf of one caller. */
export interface SubgraphRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
  /** The variables as JSON text, where they were written already: whoever sends text takes this. */
  readonly variablesText?: string;
  readonly identity: Identity;
  readonly requestId: string;
  readonly ip?: string | null;
  readonly userAgent?: string | null;
  readonly traceparent?: string | null;
  /** Epoch milliseconds after which nobody waits for the answer. */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
}

/** What a subgraph may know of whoever calls one of its public routes. There is no identity in it. */
export interface PublicCaller {
  readonly requestId: string;
  readonly ip: string | null;
}

/** The one way from the gateway to a subgraph. Whatever goes wrong on it is thrown; what comes back has not been looked at yet. */
export interface SubgraphTransport {
  execute(request: SubgraphRequest): Promise<unknown>;
  /**
   * Runs a subscription. Gives each answer as the subgraph sent it, unchecked. Ends when the subgraph completes it; rejects with HopFailed when the
   * connection is lost or the subscription refused. Returning it, or aborting the request's signal, ends it upstream at once.
   */
  subscribe?(request: SubgraphRequest): AsyncIterableIterator<unknown, void>;
  /** Turns a credential into an identity, or into null when this issuer does not know it. */
  exchange?(credential: Credential, call: { requestId: string; signal: AbortSignal }): Promise<Identity | null>;
  /** Passes on a request for a path under `/public/`. */
  forward?(request: Request, caller: PublicCaller): Promise<Response>;
  healthy(signal: AbortSignal): Promise<boolean>;
  /** Whether calls go through at the moment. In memory they always do. */
  breaker?(): BreakerState;
  close(): Promise<void>;
}

/** Of a circuit breaker: calls go through, one is let through to try, or they fail at once. */
export type BreakerState = 'closed' | 'half-open' | 'open';

export type HopFailureCode =
  | 'BUSY'
  | 'DEADLINE'
  | 'BAD_STATUS'
  | 'NOT_JSON'
  | 'TOO_LARGE'
  | 'BAD_SHAPE'
  /** The subgraph has failed so often that it is left alone for a moment. */
  | 'BREAKER_OPEN'
  /** The connection that carried a subscription is gone. */
  | 'LOST'
  /** The subgraph did not take a subscription. */
  | 'REFUSED'
  /** More of a subscription's answers wait here than may. */
  | 'FELL_BEHIND';

/** A subgraph gave no answer that can be used. The code goes to the log and to the metrics, never to a client. */
export class HopFailed extends Error {
  override readonly name = 'HopFailed';
  readonly code: HopFailureCode;

  constructor(code: HopFailureCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}
