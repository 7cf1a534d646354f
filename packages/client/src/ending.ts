import { StreamError, type AnswerError } from './errors.ts';

/** How one attempt at an operation ended, and so what is to be done. */
export type Ending =
  | { readonly kind: 'COMPLETE' }
  /** The consumer holds as much as it may: to be resumed when it has taken that. */
  | { readonly kind: 'FULL' }
  /** The operation ended, and the connection did not: to be resumed. `begun`: there may have been events. */
  | { readonly kind: 'INTERRUPTED'; readonly error: StreamError; readonly begun: boolean }
  /** `connected`: the server had let the connection in. `begun`: it may have begun the operation. `losses`: how many there were without a stable connection between them; 0 where the connection was only no longer needed. */
  | { readonly kind: 'LOST'; readonly error: StreamError; readonly connected: boolean; readonly begun: boolean; readonly losses: number }
  | { readonly kind: 'RESYNC'; readonly error: StreamError }
  | { readonly kind: 'FAILED'; readonly error: StreamError };

/** What passes by itself. */
const passing = new Set<unknown>(['FELL_BEHIND', 'SUBGRAPH_UNAVAILABLE', 'RATE_LIMITED', 'THROTTLED']);
/** Of those, what keeps an operation from beginning. */
const beforehand = new Set<unknown>(['RATE_LIMITED', 'THROTTLED']);

/** What errors instead of data mean. */
export function refused(errors: readonly AnswerError[]): Ending {
  const codes = errors.map((error) => error.extensions?.code);
  const message = errors[0]?.message ?? 'The server refused the operation and did not say why.';
  if (codes.includes('RESYNC')) return { kind: 'RESYNC', error: new StreamError('RESYNC', message, { errors }) };
  const error = new StreamError('OPERATION_REFUSED', message, { errors });
  if (codes.length === 0 || !codes.every((code) => passing.has(code))) return { kind: 'FAILED', error };
  return { kind: 'INTERRUPTED', error, begun: !codes.every((code) => beforehand.has(code)) };
}

/**
 * Close codes after which the same would happen again: faults of the protocol, of WebSocket (RFC 6455, section 7.4.1) and of graphql-transport-ws.
 * graphql-ws also gives up on 1011 and 1015, which restarting servers and proxies are known to send.
 */
const hopeless = new Set([1002, 1003, 1007, 1008, 1009, 1010, 4004, 4005, 4400, 4401, 4406, 4409, 4429, 4500]);

export const isHopeless = (closeCode: number): boolean => hopeless.has(closeCode);

const operationsSeen = /\[operations: (\d+)\]$/;

/**
 * How many of the operations that were sent over a connection the server had looked at before it closed that, as the gateway says at the end of the reason.
 * What was sent behind them was not begun. Infinity where nothing is said.
 */
export const seenBefore = (reason: string): number => Number(operationsSeen.exec(reason)?.[1] ?? Infinity);
