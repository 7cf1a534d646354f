import { fail, isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { once, own, type Tx } from '@storegraph/database';
import { orderEdited } from '@storegraph/events';
import { idempotencyKey, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { releaseRedemptions } from '../../discount/redeem.ts';
import { sums, unitsOf } from '../../draft/write.ts';
import { fingerprintOf } from '../../order/fingerprint.ts';
import { lockOrder } from '../../order/lock.ts';
import { balanceOf, keptFromExpiry } from '../../order/order.ts';
import { redeem } from '../../order/place.ts';
import { inCurrencyOf, record, type Fact } from '../../order/record.ts';
import { orderDiscountAllocations, type OrderRow } from '../../order/tables.ts';
import { changesBetween, storedChanges } from '../change.ts';
import { editFields, planEdit, type PlanCode } from '../plan.ts';
import { writeEditedLines } from '../write.ts';

const schema = z.object({ ...editFields, idempotencyKey });
type Input = z.output<typeof schema>;

export async function orderEdit({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write((tx) => once(tx, 'orderEdit', input, () => edit(tx, input, clock.now())));
}

/** Accepts a change as a whole, as the order's next version, or refuses all of it. */
async function edit(tx: Tx, input: Input, now: Date): Promise<Result<{ id: Id<'ord'> }, PlanCode>> {
  const order = await lockOrder(tx, input.orderId);
  if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  // Given back first, so that the uses which the order has do not stand in its own way.
  if (input.discountCodes) await releaseRedemptions(tx, order.id, now);
  const planned = await planEdit(tx, order, input, now);
  if (isRefusal(planned)) return planned;
  const { before, request, quoted, anew } = planned.value;
  const redeemed = anew ? await redeem(tx, order, request, quoted.applied, now) : ok(undefined);
  if (isRefusal(redeemed)) return redeemed;

  const changes = changesBetween(order, before, quoted.totals, request.lines);
  if (changes.length === 0 && !anew) return ok({ id: order.id });
  await tx.delete(orderDiscountAllocations).where(own(tx, orderDiscountAllocations, eq(orderDiscountAllocations.orderId, order.id)));
  await writeEditedLines(tx, order, planned.value);
  // Other codes may come to the same amounts: then only the rules that they are of have changed.
  if (changes.length === 0) return ok({ id: order.id });
  const columns = {
    ...sums(quoted.totals),
    orderedUnits: unitsOf(request),
    fingerprint: fingerprintOf(request, quoted.totals.total),
    ...keptFromExpiry(order, quoted.totals.total - order.authorized),
  };
  const edited: Fact = {
    kind: 'EDITED',
    amount: quoted.totals.total,
    changes: storedChanges(changes),
    event: (stamp, changed) => editedEvent(stamp, order, changed),
  };
  await record(tx, order, columns, [edited], now);
  return ok({ id: order.id });
}

const editedEvent = (stamp: Parameters<NonNullable<Fact['event']>>[0], before: OrderRow, order: OrderRow) =>
  orderEdited({
    ...stamp,
    subtotal: inCurrencyOf(order, order.subtotal),
    discount: inCurrencyOf(order, order.discount),
    tax: inCurrencyOf(order, order.tax),
    shipping: inCurrencyOf(order, order.shipping),
    shippingDiscount: inCurrencyOf(order, order.shippingDiscount),
    total: inCurrencyOf(order, order.total),
    previousTotal: inCurrencyOf(order, before.total),
    balance: inCurrencyOf(order, balanceOf(order)),
    units: order.orderedUnits,
  });
