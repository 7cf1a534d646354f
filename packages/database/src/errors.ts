/** A failure of the database that callers may tell apart by its code. What SQL itself reports comes as the driver's error, see `sqlState`. */
export class DatabaseError extends Error {
  readonly code: 'POOL_TIMEOUT' | 'POOL_CLOSED' | 'NESTED_WRITE' | 'TRANSACTION_ENDED' | 'SESSION_ENDED' | 'NOT_ONE_ROW' | 'NO_STORE';

  constructor(code: DatabaseError['code'], message: string) {
    super(message);
    this.name = 'DatabaseError';
    this.code = code;
  }
}

interface DriverError extends Error {
  readonly code: string;
  readonly constraint_name?: string;
}

/** The name of the unique, foreign key, check or exclusion constraint that a statement violated, to map it to a code at the edge. */
export function constraintOf(error: unknown): string | undefined {
  const cause = driverError(error);
  return cause?.code.startsWith('23') ? cause.constraint_name : undefined;
}

/** The five-character SQLSTATE of a failed statement, or the driver's own code, such as CONNECTION_CLOSED. */
export const sqlState = (error: unknown): string | undefined => driverError(error)?.code;

/** Whether the connection was lost, or never came about: the statement may or may not have had its effect. */
export function isConnectionLoss(error: unknown): boolean {
  const code = sqlState(error);
  return code !== undefined && (lossCodes.has(code) || code.startsWith('08') || code.startsWith('57P'));
}

const lossCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
]);

// Drizzle wraps what the driver throws.
function driverError(error: unknown): DriverError | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) if (isDriverError(inner)) return inner;
  return undefined;
}

const isDriverError = (error: Error): error is DriverError => 'code' in error && typeof error.code === 'string';
