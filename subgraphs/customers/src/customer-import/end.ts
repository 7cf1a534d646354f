import { own, type Tx } from '@storegraph/database';
import { inArray } from 'drizzle-orm';
import { customerImports } from './tables.ts';

const failure =
  'A customer was erased before the file had been read to its end, and may stand in it. Start another import with a file made since.';

/**
 * Ends the imports whose files wait or are being read, and lets go of the files: somebody who is about to be erased may stand in them. Waits for the
 * batch that is being written, after which nothing of its file is written any more. Gives how many. To be done before any customer is locked, as a batch
 * locks its import first and then customers.
 */
export async function endImports(tx: Tx, now: Date): Promise<number> {
  const ended = await tx
    .update(customerImports)
    .set({ status: 'FAILED', failure, content: null, finishedAt: now })
    .where(own(tx, customerImports, inArray(customerImports.status, ['PENDING', 'RUNNING'])));
  return ended.count;
}
