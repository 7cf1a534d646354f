import { fail, isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { once, one, own, type Tx } from '@storegraph/database';
import { idempotencyKey, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { fingerprintOf } from '../../order/fingerprint.ts';
import { lockOrder } from '../../order/lock.ts';
import { nextNumber } from '../../order/number.ts';
import { paymentStatusOf, placeDraftRefusal, type PlaceDraftRefusal } from '../../order/order.ts';
import { expiryOf, placedFact, quote, redeem, type PriceCode } from '../../order/place.ts';
import { paidFact, tell } from '../../order/record.ts';
import { orders } from '../../order/tables.ts';
import { orderSettingsOf } from '../../store/settings.ts';
import { requestOf } from '../draft.ts';
import { expectedVersion, orderIdSchema } from '../input.ts';
import { pricedColumns, replaceLines } from '../write.ts';

const schema = z.object({
  orderId: orderIdSchema,
  expectedVersion: expectedVersion.nullish(),
  expiresAt: z.date().nullish(),
  idempotencyKey,
});
type Input = z.output<typeof schema>;

const messages: Readonly<Record<PlaceDraftRefusal, string>> = {
  NOT_A_DRAFT: 'The order is placed already.',
  EMPTY: 'An order needs a line.',
};

export async function orderDraftComplete({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  const now = clock.now();
  if (input.expiresAt && input.expiresAt <= now) return fail('INVALID', 'Must be in the future.', ['expiresAt']);
  return db.write((tx) => once(tx, 'orderDraftComplete', input, () => complete(tx, input, now)));
}

type Code = PriceCode | PlaceDraftRefusal | 'NOT_FOUND' | 'CONFLICT';

/** The draft becomes the order: it is priced by the discounts of this moment, numbered, and told as any order that is placed. */
async function complete(tx: Tx, input: Input, now: Date): Promise<Result<{ id: Id<'ord'> }, Code>> {
  const draft = await lockOrder(tx, input.orderId);
  if (!draft) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  const refusal = placeDraftRefusal(draft);
  if (refusal) return fail(refusal, messages[refusal]);
  if (input.expectedVersion && input.expectedVersion !== draft.version)
    return fail('CONFLICT', `The draft has changed meanwhile: it is at version ${draft.version}.`, ['expectedVersion']);

  const request = requestOf(draft);
  const [quoted, settings] = await Promise.all([quote(tx, request, now), orderSettingsOf(tx)]);
  if (isRefusal(quoted)) return quoted;
  const { totals, applied } = quoted.value;
  const money = { total: totals.total, authorized: 0n, captured: 0n, refunded: 0n };
  const paymentStatus = paymentStatusOf(money);
  const redeemed = await redeem(tx, draft, request, applied, now);
  if (isRefusal(redeemed)) return redeemed;
  const number = await nextNumber(tx);
  const placed = one(
    await tx
      .update(orders)
      .set({
        ...pricedColumns(request, quoted.value),
        draft: null,
        number,
        version: draft.version + (paymentStatus === 'PAID' ? 2 : 1),
        status: 'OPEN',
        paymentStatus,
        fingerprint: fingerprintOf(request, totals.total),
        placedAt: now,
        paidAt: paymentStatus === 'PAID' ? now : null,
        expiresAt: expiryOf(input.expiresAt ?? null, settings.unpaidExpiryMinutes, totals.total, now),
      })
      .where(own(tx, orders, eq(orders.id, draft.id)))
      .returning(),
  );
  await replaceLines(tx, placed, request, quoted.value, placed.customerId);
  await tell(tx, placed, [placedFact(placed), ...paidFact({ ...placed, paidAt: null })], draft.version, now);
  return ok({ id: placed.id });
}
