import { OperatorError } from '@storegraph/core';
import { isConnectionLoss, sqlState } from '@storegraph/database';

/** What the operator has to put right of the database or the disk, in a sentence; any other error as it is. */
export function explainDatabase(error: unknown): unknown {
  if (error instanceof OperatorError) return error;
  const code = sqlState(error);
  if (isConnectionLoss(error) || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new OperatorError('The database does not answer.', 'Start it, or correct its address.', { cause: error });
  }
  // No such login or database, schema, table or function; or no right to it.
  if (code !== undefined && ['28000', '28P01', '3D000', '3F000', '42P01', '42883', '42501', '42704'].includes(code)) {
    return new OperatorError(
      'The database is not prepared for this deployment.',
      'Run `npm run storegraph -- migrate` with the same STOREGRAPH_SECRET.',
      { cause: error },
    );
  }
  if (code === '53100' || code === 'ENOSPC') {
    return new OperatorError('The disk is full.', 'Make room and run the command again: what was not committed was not done.', {
      cause: error,
    });
  }
  return error;
}
