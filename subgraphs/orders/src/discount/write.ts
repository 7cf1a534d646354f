import { fail, newId, type Id, type Refusal } from '@storegraph/core';
import { first, insertRows, own, owned, storeOf, type Tx } from '@storegraph/database';
import { count, eq, isNull, sql } from 'drizzle-orm';
import { normalizeCode, randomCode } from './code.ts';
import type { Amounts } from './input.ts';
import { discountAmounts, discountCodes, discounts, type DiscountCodeRow, type DiscountRow } from './tables.ts';

/** As many as can be compared in every combination, in no time that anybody would notice. */
const mostAutomatic = 25;

/** A refusal when the store has as many automatic discounts as it may. Until the commit the store's other new ones wait. */
export async function automaticLimit(tx: Tx): Promise<Refusal<'TOO_MANY'> | undefined> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`automatic discounts of ${storeOf(tx)}`}, 0))`);
  const [row] = await tx
    .select({ discounts: count() })
    .from(discounts)
    .where(own(tx, discounts, sql`${discounts.method} = 'AUTOMATIC'`, isNull(discounts.disabledAt), isNull(discounts.archivedAt)));
  if ((row?.discounts ?? 0) < mostAutomatic) return undefined;
  return fail('TOO_MANY', `A store can have ${mostAutomatic} automatic discounts that are switched on.`);
}

/** Takes a discount for this transaction, and gives it as it now is. Its codes can be used meanwhile, by whoever comes after. */
export async function lockDiscount(tx: Tx, id: Id<'dsc'>): Promise<DiscountRow | undefined> {
  return first(
    await tx
      .select()
      .from(discounts)
      .where(own(tx, discounts, eq(discounts.id, id)))
      .for('no key update'),
  );
}

export async function insertAmounts(tx: Tx, discountId: Id<'dsc'>, amounts: readonly Amounts[]): Promise<void> {
  await insertRows(
    tx,
    discountAmounts,
    amounts.map((each) => owned(tx, { discountId, ...each })),
  );
}

export interface NewCode extends Partial<Pick<DiscountCodeRow, 'customerId' | 'usageLimit' | 'endsAt'>> {
  readonly discountId: Id<'dsc'>;
}

/** Adds a code; undefined when the store has it already. */
export async function insertCode(tx: Tx, code: string, about: NewCode): Promise<DiscountCodeRow | undefined> {
  return first(
    await tx
      .insert(discountCodes)
      .values(owned(tx, { id: newId('dcd'), code, normalized: normalizeCode(code), ...about }))
      .onConflictDoNothing({ target: [discountCodes.storeId, discountCodes.normalized] })
      .returning(),
  );
}

/** Ten characters: more than anybody finds by trying, few enough to type. */
export const usualLength = 10;

/** Adds a code that nobody guesses. */
export async function insertRandomCode(tx: Tx, prefix: string | null, about: NewCode): Promise<DiscountCodeRow> {
  for (;;) {
    const made = await insertCode(tx, randomCode(prefix, usualLength), about);
    if (made) return made;
  }
}
