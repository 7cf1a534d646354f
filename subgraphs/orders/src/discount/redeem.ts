import { fail, money, newId, ok, type Id, type Result } from '@storegraph/core';
import { first, own, owned, type Tx, uuids } from '@storegraph/database';
import { discountRedeemed, discountReleased, emit } from '@storegraph/events';
import { and, asc, eq, gt, isNull, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import { refusalMessages, unavailable, type DiscountRefusal } from './discount.ts';
import type { AppliedDiscount } from './evaluate.ts';
import { worthOf } from './engine.ts';
import {
  discountCodes,
  discountCustomers,
  discountRedemptions,
  discounts,
  type DiscountCodeRow,
  type DiscountRedemptionRow,
  type DiscountRow,
} from './tables.ts';

export interface RedeemingOrder {
  readonly id: Id<'ord'>;
  readonly customerId: Id<'cus'> | null;
  readonly currency: string;
}

/**
 * Takes one use of each discount for an order, in the order's own transaction: of the discount, of its code and of the customer's share. Each
 * counter goes up by an update that holds its limit, so that of any number of orders at once no more than the limit get through. What the order
 * has taken already is not taken again. A refusal leaves counters behind that must be rolled back: the caller gives it on. Discounts are locked
 * in the order of their ids, each before its code and the customer's counter.
 */
export async function redeemDiscounts(
  tx: Tx,
  order: RedeemingOrder,
  applied: readonly AppliedDiscount[],
  now: Date,
): Promise<Result<void, DiscountRefusal>> {
  const taken: DiscountRedemptionRow[] = [];
  for (const discount of applied.toSorted(byDiscount)) {
    const redemption = await claim(tx, order, discount, now);
    if (!redemption) continue;
    const refusal = await count(tx, redemption, now);
    if (refusal) return fail(refusal, refusalMessages[refusal]);
    taken.push(redemption);
  }
  await emit(tx, ...taken.map((redemption) => discountRedeemed(told(redemption))));
  return ok(undefined);
}

/**
 * Gives back what an order took: each use exactly once, however often and by whomever this is called. Gives the number of uses given back. The
 * redemptions stay, as what the order was given.
 */
export async function releaseRedemptions(tx: Tx, orderId: Id<'ord'>, now: Date): Promise<number> {
  const isHeld = own(tx, discountRedemptions, eq(discountRedemptions.orderId, orderId), isNull(discountRedemptions.releasedAt));
  // Whoever comes second waits here, and finds them released.
  const held = await tx.select().from(discountRedemptions).where(isHeld).orderBy(asc(discountRedemptions.discountId)).for('update');
  if (held.length === 0) return 0;
  const ids = uuids(held.map(({ id }) => id));
  await tx
    .update(discountRedemptions)
    .set({ releasedAt: now })
    .where(own(tx, discountRedemptions, sql`${discountRedemptions.id} = any(${ids})`));
  for (const { discountId, codeId, customerId } of held) {
    const back = { used: sql`used - 1` };
    await tx
      .update(discounts)
      .set(back)
      .where(own(tx, discounts, eq(discounts.id, discountId)));
    if (codeId)
      await tx
        .update(discountCodes)
        .set(back)
        .where(own(tx, discountCodes, eq(discountCodes.id, codeId)));
    if (customerId)
      await tx
        .update(discountCustomers)
        .set(back)
        .where(isCounterOf(tx, discountId, customerId));
  }
  await emit(tx, ...held.map((redemption) => discountReleased(told(redemption))));
  return held.length;
}

const byDiscount = (a: AppliedDiscount, b: AppliedDiscount) => (a.discountId < b.discountId ? -1 : a.discountId > b.discountId ? 1 : 0);

/** Notes that the order takes the discount; undefined when it has done so already. One that was given back is taken anew. */
async function claim(tx: Tx, order: RedeemingOrder, discount: AppliedDiscount, now: Date): Promise<DiscountRedemptionRow | undefined> {
  const facts = {
    customerId: order.customerId,
    label: discount.label,
    code: discount.code,
    currency: order.currency,
    amount: worthOf(discount),
    shipping: discount.shipping,
    redeemedAt: now,
    releasedAt: null,
  };
  const { orderId, discountId, codeId } = { orderId: order.id, ...discount };
  const { storeId } = discountRedemptions;
  return first(
    await tx
      .insert(discountRedemptions)
      .values(owned(tx, { id: newId('drd'), orderId, discountId, codeId, ...facts }))
      .onConflictDoUpdate({
        target: [storeId, discountRedemptions.orderId, discountRedemptions.discountId, discountRedemptions.codeId],
        set: facts,
        setWhere: sql`${discountRedemptions.releasedAt} is not null`,
      })
      .returning(),
  );
}

type Counted = Pick<DiscountRedemptionRow, 'discountId' | 'codeId' | 'customerId'>;

async function count(tx: Tx, { discountId, codeId, customerId }: Counted, now: Date): Promise<DiscountRefusal | null> {
  const isIt = eq(discounts.id, discountId);
  const discount = first(
    await tx
      .update(discounts)
      .set({ used: sql`used + 1` })
      .where(own(tx, discounts, isIt, isNull(discounts.archivedAt), lte(discounts.startsAt, now), isUsable(discounts, now)))
      .returning({ customerLimit: discounts.customerLimit }),
  );
  if (!discount)
    return whyNot(
      first(
        await tx
          .select()
          .from(discounts)
          .where(own(tx, discounts, isIt)),
      ),
      now,
    );
  return (codeId ? await countCode(tx, codeId, customerId, now) : null) ?? (await countCustomer(tx, discountId, customerId, discount));
}

async function countCode(tx: Tx, codeId: Id<'dcd'>, customerId: Id<'cus'> | null, now: Date): Promise<DiscountRefusal | null> {
  const isIt = eq(discountCodes.id, codeId);
  const isTheirs = or(isNull(discountCodes.customerId), customerId ? eq(discountCodes.customerId, customerId) : undefined);
  const counted = await tx
    .update(discountCodes)
    .set({ used: sql`used + 1` })
    .where(own(tx, discountCodes, isIt, isTheirs, isUsable(discountCodes, now)))
    .returning({ id: discountCodes.id });
  if (counted.length > 0) return null;
  const code = first(
    await tx
      .select()
      .from(discountCodes)
      .where(own(tx, discountCodes, isIt)),
  );
  if (code?.customerId && code.customerId !== customerId) return customerId ? 'WRONG_CUSTOMER' : 'CUSTOMER_REQUIRED';
  return whyNot(code && { ...code, startsAt: null, archivedAt: null }, now);
}

/** Every use of a known customer is counted, so that a limit may be set later. The discount's row, which is locked, holds limit and order. */
async function countCustomer(
  tx: Tx,
  discountId: Id<'dsc'>,
  customerId: Id<'cus'> | null,
  { customerLimit }: Pick<DiscountRow, 'customerLimit'>,
): Promise<DiscountRefusal | null> {
  if (!customerId) return customerLimit === null ? null : 'CUSTOMER_REQUIRED';
  const counted = await tx
    .insert(discountCustomers)
    .values(owned(tx, { discountId, customerId, usageLimit: customerLimit, used: 1 }))
    .onConflictDoUpdate({
      target: [discountCustomers.storeId, discountCustomers.discountId, discountCustomers.customerId],
      set: { used: sql`${discountCustomers.used} + 1`, usageLimit: customerLimit },
      ...(customerLimit === null ? {} : { setWhere: lt(discountCustomers.used, customerLimit) }),
    })
    .returning({ used: discountCustomers.used });
  return counted.length > 0 ? null : 'CUSTOMER_LIMIT_REACHED';
}

const isUsable = (table: typeof discounts | typeof discountCodes, now: Date): SQL | undefined =>
  and(
    isNull(table.disabledAt),
    or(isNull(table.endsAt), gt(table.endsAt, now)),
    or(isNull(table.usageLimit), lt(table.used, table.usageLimit)),
  );

/** What the row says now may differ from what the update saw a moment before: then it was somebody's last use. */
function whyNot(
  row: (Pick<DiscountCodeRow, 'endsAt' | 'disabledAt' | 'usageLimit' | 'used'> & Dates) | undefined,
  now: Date,
): DiscountRefusal {
  return row && !row.archivedAt ? (unavailable(row, now) ?? 'USAGE_LIMIT_REACHED') : 'UNKNOWN_CODE';
}

type Dates = Pick<DiscountRow, 'archivedAt'> & { readonly startsAt: Date | null };

const isCounterOf = (tx: Tx, discountId: Id<'dsc'>, customerId: Id<'cus'>): SQL =>
  own(tx, discountCustomers, eq(discountCustomers.discountId, discountId), eq(discountCustomers.customerId, customerId));

const told = ({ id, orderId, discountId, codeId, customerId, amount, currency }: DiscountRedemptionRow) => ({
  redemptionId: id,
  orderId,
  discountId,
  codeId,
  customerId,
  amount: money(amount, currency),
});
