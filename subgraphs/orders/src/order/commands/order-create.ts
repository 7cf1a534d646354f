import { fail, newId, ok, toUuid, type Id, type Result } from '@storegraph/core';
import { first, once, one, owned, storeOf, type Tx } from '@storegraph/database';
import { orderPlaced } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { sql } from 'drizzle-orm';
import { noSuchCustomer, unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { storeSettings } from '../../store/settings.ts';
import type { OrderAddress } from '../address.ts';
import { fulfillmentStatusOf, paymentStatusOf } from '../order.ts';
import { inCurrencyOf, paidFact, tell, type Fact } from '../record.ts';
import {
  orderCounters,
  orderDiscountAllocations,
  orderLines,
  orders,
  type AllocationRow,
  type OrderLineRow,
  type OrderRow,
} from '../tables.ts';
import type { OrderTotals } from '../totals.ts';
import { priceOrder, type AddressInput, type CheckedOrder } from './order-create-input.ts';

/** Places an order. The answer names it; what is kept under the key holds nothing of the person. */
export async function orderCreate({ db, clock, signal }: Context, given: unknown) {
  const now = clock.now();
  const priced = priceOrder(given, now);
  if (!priced.ok) return priced;
  const { input, totals } = priced.value;
  // Nobody has such an id, now or in a moment.
  if (input.customerId === readId('cus', null)) return noSuchCustomer();
  return untilCustomerKnown(signal, () =>
    db.write(async (tx): Promise<Result<{ id: Id<'ord'> }, 'REQUIRED' | 'NOT_FOUND' | 'EXTERNAL_ID_TAKEN' | 'IDEMPOTENCY_KEY_REUSED'>> => {
      // Outside of `once`, which would keep this refusal for good.
      const unknown = input.customerId ? await unknownCustomer(tx, input.customerId) : undefined;
      if (unknown) return unknown;
      const currency = input.currency ?? (await storeSettings(tx))?.currency;
      if (!currency) return fail('REQUIRED', "The store's currency is not known yet: name one.", ['currency']);
      return once(tx, 'orderCreate', input, () => place(tx, input, totals, currency, now));
    }),
  );
}

async function place(
  tx: Tx,
  input: CheckedOrder,
  totals: OrderTotals,
  currency: string,
  now: Date,
): Promise<Result<{ id: Id<'ord'> }, 'EXTERNAL_ID_TAKEN'>> {
  const placedAt = input.placedAt ?? now;
  const units = input.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const money = { total: totals.total, authorized: 0n, captured: 0n, refunded: 0n };
  const goods = { orderedUnits: units, allocatedUnits: 0, shippedUnits: 0, deliveredUnits: 0, returnedUnits: 0 };
  const paid = paymentStatusOf(money) === 'PAID';
  const number = await nextNumber(tx);
  const order = first(
    await tx
      .insert(orders)
      .values(
        owned(tx, {
          ...money,
          ...goods,
          id: newId('ord'),
          number,
          version: paid ? 2 : 1,
          customerId: input.customerId ?? null,
          contactName: input.contact?.name ?? null,
          contactEmail: input.contact?.email ?? null,
          contactPhone: input.contact?.phone ?? null,
          currency,
          subtotal: totals.subtotal,
          discount: totals.discount,
          tax: totals.tax,
          taxIncluded: input.taxIncluded ?? false,
          shipping: totals.shipping,
          status: 'OPEN' as const,
          paymentStatus: paymentStatusOf(money),
          fulfillmentStatus: fulfillmentStatusOf(goods),
          billingAddress: input.billingAddress ? addressOf(input.billingAddress) : null,
          shippingAddress: input.shippingAddress ? addressOf(input.shippingAddress) : null,
          customerNote: input.customerNote ?? null,
          note: input.note ?? null,
          source: input.source ?? 'MANUAL',
          externalId: input.externalId ?? null,
          placedAt,
          paidAt: paid ? placedAt : null,
        }),
      )
      .onConflictDoNothing({ target: [orders.storeId, orders.source, orders.externalId] })
      .returning(),
  );
  if (!order) return fail('EXTERNAL_ID_TAKEN', 'This order of the source was placed before.', ['externalId']);

  const lines = lineRows(order, input, totals);
  await tx.insert(orderLines).values(lines);
  const allocations = allocationRows(lines, input, totals);
  if (allocations.length > 0) await tx.insert(orderDiscountAllocations).values(allocations);
  await tell(tx, order, [placedFact(order), ...paidFact({ ...order, paidAt: null })], 0, placedAt);
  return ok({ id: order.id });
}

/**
 * The store's next order number. Until the commit it keeps the store's other new orders waiting, so input, customer and
 * key are checked before; the order's rows come after, as they hang on the one that bears the number.
 */
async function nextNumber(tx: Tx): Promise<bigint> {
  const counter = one(
    await tx.execute<{ last: string }>(sql`
      insert into ${orderCounters} as counter (store_id, last) values (${toUuid(storeOf(tx))}::uuid, 1001)
      on conflict (store_id) do update set last = counter.last + 1 returning last`),
  );
  return BigInt(counter.last);
}

function lineRows(order: OrderRow, input: CheckedOrder, totals: OrderTotals): OrderLineRow[] {
  return input.lines.flatMap((line, index) => {
    const sums = totals.lines[index];
    if (!sums) return [];
    return {
      storeId: order.storeId,
      id: newId('orl'),
      orderId: order.id,
      customerId: order.customerId,
      position: index + 1,
      sku: line.sku ?? null,
      name: line.name,
      productId: line.productId ?? null,
      variantId: line.variantId ?? null,
      currency: order.currency,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      subtotal: sums.subtotal,
      discount: sums.discount,
      tax: sums.tax,
      taxIncluded: order.taxIncluded,
      total: sums.total,
      allocated: 0,
      shipped: 0,
      delivered: 0,
      returned: 0,
      refunded: 0,
    };
  });
}

function allocationRows(lines: readonly OrderLineRow[], input: CheckedOrder, totals: OrderTotals): AllocationRow[] {
  return lines.flatMap(({ storeId, id: lineId, orderId, customerId }, index) => {
    const sums = totals.lines[index];
    if (!sums) return [];
    const parts = [
      { target: 'LINE' as const, label: input.lines[index]?.discountLabel ?? null, amount: sums.lineDiscount },
      { target: 'ORDER' as const, label: input.discountLabel ?? null, amount: sums.orderDiscount },
    ];
    return parts.filter(({ amount }) => amount > 0n).map((part) => ({ ...part, storeId, id: newId('oda'), orderId, lineId, customerId }));
  });
}

const placedFact = (order: OrderRow): Fact => ({
  kind: 'PLACED',
  amount: order.total,
  event: (stamp) =>
    orderPlaced(
      {
        ...stamp,
        number: String(order.number),
        subtotal: inCurrencyOf(order, order.subtotal),
        discount: inCurrencyOf(order, order.discount),
        tax: inCurrencyOf(order, order.tax),
        shipping: inCurrencyOf(order, order.shipping),
        total: inCurrencyOf(order, order.total),
        units: order.orderedUnits,
        source: order.source,
        externalId: order.externalId,
        placedAt: order.placedAt,
      },
      { personal: { name: order.contactName, email: order.contactEmail, phone: order.contactPhone } },
    ),
});

const addressOf = (given: AddressInput): OrderAddress => ({
  name: given.name ?? null,
  company: given.company ?? null,
  line1: given.line1 ?? null,
  line2: given.line2 ?? null,
  city: given.city ?? null,
  region: given.region ?? null,
  postalCode: given.postalCode ?? null,
  country: given.country,
  phone: given.phone ?? null,
});
