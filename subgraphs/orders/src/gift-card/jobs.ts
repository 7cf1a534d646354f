import { fromUuid, newId } from '@storegraph/core';
import { one, own, owned, type Tx } from '@storegraph/database';
import { defineJob } from '@storegraph/jobs';
import { asc, inArray, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { available } from './gift-card.ts';
import { post } from './ledger.ts';
import { giftCardGuesses, giftCards, giftCardSettings, giftCardTotals } from './tables.ts';
import { windowMs } from './guess.ts';

const batch = 200;

/**
 * Writes off what is left of cards that have been expired for as long as their store has said. What is promised to an order stays until that order
 * has taken or released it. A store that has said nothing owes it for good: most laws forbid to take it, or say when.
 */
export const forfeit = defineJob({
  name: 'orders.forfeit-gift-cards',
  data: z.object({}),
  cron: '7 4 * * *',
  handle: async ({ sweep, inStore, clock, log }) => {
    const stores = await sweep((tx) =>
      tx.execute<{ store: string }>(
        sql`select store_id::text as store from ${giftCardSettings} where forfeit_after_days is not null order by 1`,
      ),
    );
    let count = 0;
    for (const { store } of stores) {
      for (let done = batch; done === batch; count += done)
        done = await inStore(fromUuid('sto', store), (db) => db.write((tx) => forfeitExpired(tx, clock.now(), batch)));
    }
    log.info({ count }, 'What was left of long expired gift cards is written off.');
  },
});

/** Of the transaction's store, at most so many. Gives how many it was. */
export async function forfeitExpired(tx: Tx, now: Date, most: number): Promise<number> {
  const [setting] = await tx.select().from(giftCardSettings).where(own(tx, giftCardSettings));
  if (setting?.forfeitAfterDays == null) return 0;
  const until = new Date(now.getTime() - setting.forfeitAfterDays * 86_400_000);
  const due = await tx
    .select()
    .from(giftCards)
    .where(own(tx, giftCards, lte(giftCards.expiresAt, until), sql`${giftCards.balance} > ${giftCards.held}`))
    .orderBy(asc(giftCards.id))
    .limit(most)
    .for('update', { skipLocked: true });
  for (const card of due) await post(tx, card, { kind: 'EXPIRE', amount: -available(card), at: now });
  return due.length;
}

/** Folds the sums that make up what a store owes into one row for each currency and kind. */
export const foldTotals = defineJob({
  name: 'orders.fold-gift-card-totals',
  data: z.object({}),
  cron: '*/10 * * * *',
  handle: async ({ sweep, inStore, log }) => {
    const stores = await sweep((tx) =>
      tx.execute<{ store: string }>(
        sql`select store_id::text as store from ${giftCardTotals} group by store_id, currency, kind having count(*) > 1`,
      ),
    );
    for (const store of new Set(stores.map((row) => row.store))) await inStore(fromUuid('sto', store), (db) => db.write(fold));
    log.info({ count: stores.length }, 'Sums of gift cards are folded.');
  },
});

/** Readers see the rows of before or the row of after, and in both the same sum. A row that comes meanwhile waits for the next time. */
export async function fold(tx: Tx): Promise<void> {
  const rows = await tx
    .select()
    .from(giftCardTotals)
    .where(own(tx, giftCardTotals))
    .orderBy(asc(giftCardTotals.id))
    .for('update', { skipLocked: true });
  for (const group of Map.groupBy(rows, ({ currency, kind }) => `${currency} ${kind}`).values()) {
    const [head] = group;
    if (!head || group.length === 1) continue;
    await tx.delete(giftCardTotals).where(
      own(
        tx,
        giftCardTotals,
        inArray(
          giftCardTotals.id,
          group.map(({ id }) => id),
        ),
      ),
    );
    const add = (key: 'cards' | 'balance' | 'held') => group.reduce((sum, row) => sum + row[key], 0n);
    const { currency, kind } = head;
    one(
      await tx
        .insert(giftCardTotals)
        .values(owned(tx, { id: newId('gfs'), currency, kind, cards: add('cards'), balance: add('balance'), held: add('held') }))
        .returning({ id: giftCardTotals.id }),
    );
  }
}

/** Guesses count for an hour. */
export const forgetGuesses = defineJob({
  name: 'orders.forget-gift-card-guesses',
  data: z.object({}),
  cron: '27 3 * * *',
  handle: ({ sweep, clock, log }) =>
    sweep(async (tx) => {
      const until = new Date(clock.now().getTime() - windowMs).toISOString();
      const gone = await tx.execute(sql`delete from ${giftCardGuesses} where since <= ${until}::timestamptz`);
      log.info({ count: gone.count }, 'Old guesses of gift card codes are gone.');
    }),
});
