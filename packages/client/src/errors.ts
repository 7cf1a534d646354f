/** An error as a GraphQL server writes it. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: unknown; readonly [key: string]: unknown };
}

export type StreamErrorCode =
  /** What came since can't be given any more. Read again what the stream keeps up to date, and subscribe anew: see `onResync`. */
  | 'RESYNC'
  /** The server refused the operation; `errors` says why. The same operation will be refused again. */
  | 'OPERATION_REFUSED'
  /** The server refused the token, and the one that was asked for after that: log in again. */
  | 'TOKEN_REFUSED'
  /** The server closed the connection in a way that a new one would not mend (`closeCode`): client and server do not understand each other. */
  | 'CLOSED'
  /** The connection was lost: during a query or mutation, which is not sent twice, or more often than `retryAttempts` allows. */
  | 'CONNECTION_LOST'
  /** The operation can't be resumed as it is written: it declares no variable for the cursor, or selects no cursor. */
  | 'NOT_RESUMABLE'
  /** `token` throws it to say that nobody is logged in any more: every stream ends with it. */
  | 'LOGGED_OUT';

interface Details extends ErrorOptions {
  readonly closeCode?: number;
  readonly errors?: readonly AnswerError[];
}

/** What ends a stream, a query or a mutation. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: StreamErrorCode;
  /** Of CLOSED and TOKEN_REFUSED, and of CONNECTION_LOST where it is known. */
  readonly closeCode: number | undefined;
  /** What the server answered instead of data. */
  readonly errors: readonly AnswerError[];

  constructor(code: StreamErrorCode, message: string, { closeCode, errors = [], ...options }: Details = {}) {
    super(message, options);
    this.code = code;
    this.closeCode = closeCode;
    this.errors = errors;
  }
}
