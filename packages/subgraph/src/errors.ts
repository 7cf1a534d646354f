import { HopRejected, PasswordsBusy } from '@storegraph/auth';
import { isRefusal, withoutValues, type Logger, type Result } from '@storegraph/core';
import { GraphQLError } from 'graphql';

/** The codes that stand in `errors[].extensions.code`. Expected refusals of a mutation are `userErrors` instead. */
export type PublicCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_REQUEST'
  | 'RATE_LIMITED'
  /** Of a live field: there is no such thing to follow, or the caller may not know of it. Elsewhere null says so. */
  | 'NOT_FOUND'
  /** Of a live field: the cursor is too old to go on from. Read the lists again, and subscribe without one. */
  | 'RESYNC'
  /** Of a live field: the client did not take what there was in time. Subscribe again with the last cursor. */
  | 'FELL_BEHIND'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'INTERNAL';

/** An error whose message is meant for the client. Every other error is masked. */
export class PublicError extends Error {
  override readonly name = 'PublicError';
  readonly code: PublicCode;

  constructor(code: PublicCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** For queries, which have no userErrors: the value, or the end of the field with BAD_REQUEST and the first problem's sentence. */
export function orThrow<T>(result: Result<T>): T {
  if (!isRefusal(result)) return result.value;
  const [problem] = result.problems;
  throw new PublicError('BAD_REQUEST', problem ? problem.message : 'The request was refused.');
}

export interface PublicAnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions: { readonly code: PublicCode; readonly requestId?: string };
}

/** What the client may see of an error. What it may not see is logged under the request's id. */
export function publicError(error: GraphQLError, request: { requestId: string; log: Logger; operation?: string }): PublicAnswerError {
  const at = error.path ? { path: error.path } : { ...(error.locations ? { locations: error.locations } : {}) };
  const { code, message } = classify(error);
  if (code !== 'INTERNAL' && code !== 'SUBGRAPH_UNAVAILABLE') return { message, ...at, extensions: { code } };
  const operation = request.operation === undefined ? {} : { operation: request.operation };
  request.log.error({ requestId: request.requestId, code, error: error.originalError ?? error, ...operation }, 'A request failed.');
  return { message, ...at, extensions: { code, requestId: request.requestId } };
}

function classify(error: GraphQLError): { code: PublicCode; message: string } {
  const original = error.originalError;
  if (original instanceof PublicError) return { code: original.code, message: original.message };
  if (original instanceof PasswordsBusy) return { code: 'RATE_LIMITED', message: 'Too many requests. Try again in a moment.' };
  if (original instanceof HopRejected) return { code: 'UNAUTHENTICATED', message: 'Only the gateway may ask.' };
  // Without a path the request itself was at fault; with one, only a missing argument is the client's doing.
  const clientsDoing = !error.path || (original instanceof GraphQLError && original.message.startsWith('Argument "'));
  if (clientsDoing && (original === undefined || original instanceof GraphQLError)) {
    return { code: 'BAD_REQUEST', message: withoutValues(error.message) };
  }
  const state = databaseCode(original);
  if (state === '22021' || state === '22P05') return { code: 'BAD_REQUEST', message: 'A text holds a character that can not be stored.' };
  if (state === 'NO_STORE') return { code: 'BAD_REQUEST', message: 'The request is bound to no store. Log in to one, or name one.' };
  if (state !== undefined && unavailable.test(state))
    return { code: 'SUBGRAPH_UNAVAILABLE', message: 'Not available at the moment. Try again.' };
  return { code: 'INTERNAL', message: 'Something went wrong on our side. It is logged under the request id.' };
}

/**
 * Lost or refused connections (of the system, the driver, PostgreSQL classes 08 and 57P) and what was given up after a time limit
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const unavailable = /^(E[A-Z]{4,}|CONNECTION_.*|CONNECT_TIMEOUT|POOL_.*|08\w{3}|57P0\d|57014|53300|25P0[34]|55P03|40001|40P01)$/;

/** The code of the error, or of what caused it: the query builder wraps the driver's errors. */
function databaseCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}
