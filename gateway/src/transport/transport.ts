import type { Credential, Identity } from '@storegraph/auth';

/** One operation for one subgraph, on behalf of one caller. */
export interface SubgraphRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
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
  /** Turns a credential into an identity, or into null when this issuer does not know it. */
  exchange?(credential: Credential, call: { requestId: string; signal: AbortSignal }): Promise<Identity | null>;
  /** Passes on a request for a path under `/public/`. */
  forward?(request: Request, caller: PublicCaller): Promise<Response>;
  healthy(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

export type HopFailureCode = 'BUSY' | 'DEADLINE' | 'BAD_STATUS' | 'NOT_JSON' | 'TOO_LARGE' | 'BAD_SHAPE';

/** A subgraph gave no answer that can be used. The code goes to the log and to the metrics, never to a client. */
export class HopFailed extends Error {
  override readonly name = 'HopFailed';
  readonly code: HopFailureCode;

  constructor(code: HopFailureCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}
