import type { Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { sql, type SQL } from 'drizzle-orm';

/**
 * Blanks what the log holds about these subjects, secrets too, in the transaction's store alone. A replay never brings it back. One statement, however
 * many they are. Gives how many events have lost something.
 */
export const erasePersonal = (tx: Tx, ...subjects: readonly Id[]): Promise<number> =>
  blanked(tx, subjects, (list) => sql`events.erase_subjects(${list})`);

/** Blanks what stands in the log under these e-mail addresses, as events have them in `personal.email`, whoever the subject is: somebody may have been nobody yet. */
export const eraseAddresses = (tx: Tx, addresses: readonly string[]): Promise<number> =>
  blanked(tx, addresses, (list) => sql`events.erase_addresses(${list})`);

async function blanked(tx: Tx, texts: readonly string[], call: (list: SQL) => SQL): Promise<number> {
  if (texts.length === 0) return 0;
  const list = sql`array(select jsonb_array_elements_text(cast(${JSON.stringify(texts)}::text as jsonb)))`;
  const [row] = await tx.execute<{ blanked: number }>(sql`select ${call(list)}::integer as blanked`);
  return row?.blanked ?? 0;
}
