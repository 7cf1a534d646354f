import { createHash } from 'node:crypto';
import { isCurrency, type Id } from '@storegraph/core';
import { first, own, owned, type Tx } from '@storegraph/database';
import { defineReaction, discountCodeIssued, discountCodeRefused, discountCodeRequested, emit, type EventOf } from '@storegraph/events';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { insertDiscount } from './commands/discount-create.ts';
import { discountCodeRequests, discounts, type DiscountRow } from './tables.ts';
import { insertRandomCode } from './write.ts';

type Terms = EventOf<typeof discountCodeRequested>['payload']['terms'];
type Reason = 'INVALID_TERMS' | 'UNKNOWN_CURRENCY' | 'ALREADY_EXPIRED' | 'DISABLED';

/**
 * Makes the codes that other domains ask for. An effect: a code is worth money, so that replaying what was asked once, or importing it, must make
 * none. Each key of a requester is answered once.
 */
export const issueCode = defineReaction({
  name: 'orders.issue-discount-code',
  kind: 'effect',
  on: [discountCodeRequested],
  handle: async (tx, { payload: { requester, key, terms }, occurredAt }) => {
    const claimed = await tx
      .insert(discountCodeRequests)
      .values(owned(tx, { requester, key }))
      .onConflictDoNothing()
      .returning({ key: discountCodeRequests.key });
    if (claimed.length === 0) return;
    const answer = (found: { discountId?: Id<'dsc'>; codeId?: Id<'dcd'>; refusal?: Reason }) =>
      tx
        .update(discountCodeRequests)
        .set(found)
        .where(own(tx, discountCodeRequests, and(eq(discountCodeRequests.requester, requester), eq(discountCodeRequests.key, key))));

    const discount = refusalOf(terms, occurredAt) ?? (await discountFor(tx, requester, terms, occurredAt));
    if (typeof discount === 'string') {
      await answer({ refusal: discount });
      await emit(tx, discountCodeRefused({ requester, key, reason: discount }));
      return;
    }
    const { customerId, usageLimit, expiresAt: endsAt } = terms;
    const discountId = discount.id;
    const { id: codeId, code } = await insertRandomCode(tx, terms.codePrefix, { discountId, customerId, usageLimit, endsAt });
    await answer({ discountId, codeId });
    await emit(tx, discountCodeIssued({ requester, key, discountId, codeId, customerId }, { personal: { code } }));
  },
});

function refusalOf(terms: Terms, now: Date): Reason | null {
  const { kind, value, currency, minimumSubtotal, maximum, expiresAt, codePrefix } = terms;
  if (currency !== null && !isCurrency(currency)) return 'UNKNOWN_CURRENCY';
  const amounts = [minimumSubtotal, maximum, ...(kind === 'FIXED_AMOUNT' ? [value] : [])].filter((each) => each !== null);
  const isWorth = kind === 'FREE_SHIPPING' ? value === null : value !== null && value > 0n && (kind !== 'PERCENTAGE' || value <= 10_000n);
  const isTyped = codePrefix === null || /^[A-Za-z0-9_-]{1,20}$/.test(codePrefix);
  if (!isWorth || !isTyped || amounts.some((each) => each <= 0n) || (amounts.length > 0 && currency === null)) return 'INVALID_TERMS';
  return expiresAt && expiresAt <= now ? 'ALREADY_EXPIRED' : null;
}

/**
 * The discount of all codes on these terms, so that ten thousand of them are one thing for staff to read, count and switch off. What differs
 * from person to person, expiry, limit and customer, is the code's.
 */
async function discountFor(tx: Tx, requester: string, terms: Terms, now: Date): Promise<DiscountRow | Reason> {
  const { title, kind, value, currency, minimumSubtotal, maximum } = terms;
  const parts = [title, kind, value, currency, minimumSubtotal, maximum].map(String);
  const issuedKey = `${requester} ${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`;
  // Or else two requests at once would both find none.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${issuedKey}, 0))`);
  const known = first(
    await tx
      .select()
      .from(discounts)
      .where(own(tx, discounts, eq(discounts.issuedKey, issuedKey), isNull(discounts.archivedAt))),
  );
  if (known) return known.disabledAt ? 'DISABLED' : known;
  return insertDiscount(
    tx,
    {
      title,
      method: 'CODE',
      kind,
      appliesTo: kind === 'FREE_SHIPPING' ? 'SHIPPING' : 'ORDER',
      basisPoints: kind === 'PERCENTAGE' ? Number(value) : null,
      oncePerOrder: false,
      minimumQuantity: null,
      startsAt: now,
      endsAt: null,
      usageLimit: null,
      customerLimit: null,
      priority: 0,
      combinesWith: [],
      targetSkus: [],
      targetProductIds: [],
      issuedKey,
    },
    currency === null ? [] : [{ currency, amount: kind === 'FIXED_AMOUNT' ? value : null, minimumSubtotal, maximum }],
  );
}
