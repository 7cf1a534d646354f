import type { Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';

/** Blanks what the log holds about a person, in the transaction's store alone. A replay never brings it back. */
export async function erasePersonal(tx: Tx, subject: Id): Promise<void> {
  await tx.execute(sql`select events.erase_personal(${subject})`);
}
