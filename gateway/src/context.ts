import type { Identity } from '@storegraph/auth';
import type { Explanation } from './explain/explanation.ts';

/** What the gateway knows of one request, for whoever executes it. */
export interface RequestContext {
  readonly identity: Identity;
  readonly requestId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly traceparent: string | null;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /** Takes down how the request is answered, if the client may see that and has asked for it. */
  readonly explanation?: Explanation | undefined;
}
