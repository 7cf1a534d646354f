import { money, newId, toUuid, type CustomerId } from '@storegraph/core';
import { insertRows, owned, storeOf, type Tx } from '@storegraph/database';
import { emit, orderPlaced } from '@storegraph/events';
import { sql } from 'drizzle-orm';
import { rememberCustomers } from '../customer/known.ts';
import type { OrderAddress } from '../order/address.ts';
import { fulfillmentStatusOf, paymentStatusOf } from '../order/order.ts';
import { orderCounters, orderEvents, orderLines, orders } from '../order/tables.ts';
import { orderPayments } from '../payment/tables.ts';
import { holdNumbers, missing, worthOf, type Imported, type ImportedLine } from './batch.ts';

/** An order as another system knows it: an invoice that was paid and delivered there. */
export interface ImportedOrder {
  readonly externalId: string;
  readonly placedAt: Date;
  /** ISO 4217. */
  readonly currency: string;
  /** Null for a guest. One of this store's customers, as `importCustomers` gives them. */
  readonly customerId: CustomerId | null;
  /** ISO 3166-1 alpha-2, where the goods went. */
  readonly countryCode?: string | null;
  /** At least one. */
  readonly lines: readonly ImportedLine[];
}

/**
 * Writes orders that another system has completed: paid in full, delivered, completed at the moment they were placed. Those that are there
 * already, by their external id, stay as they are, so that running it again changes nothing. A few statements, and
 * one more for each 5,000 lines. The events' origin is the transaction's: give it IMPORT.
 */
export async function importOrders(
  tx: Tx,
  batch: readonly ImportedOrder[],
  { source = 'IMPORT' }: { readonly source?: string } = {},
): Promise<Imported> {
  if (batch.length === 0) return { created: 0, existing: 0 };
  const last = await holdNumbers(tx);
  const created = (await missing(tx, orders, source, batch)).toSorted(byPlace);
  if (created.length === 0) return { created: 0, existing: batch.length };
  await tx.execute(sql`update ${orderCounters} set last = ${last + BigInt(created.length)} where store_id = ${toUuid(storeOf(tx))}::uuid`);
  await rememberCustomers(tx, [...new Set(created.flatMap(({ customerId }) => customerId ?? []))]);

  const drafts = created.map((order, index) => ({
    order,
    id: newId('ord'),
    number: last + BigInt(index + 1),
    total: worthOf(order.externalId, order.lines),
  }));
  await insertRows(
    tx,
    orders,
    drafts.map((draft) => owned(tx, orderRow(draft, source))),
  );
  await insertRows(
    tx,
    orderLines,
    drafts.flatMap((draft) => lineRows(draft).map((line) => owned(tx, line))),
  );
  await insertRows(
    tx,
    orderPayments,
    drafts.filter(({ total }) => total > 0n).map((draft) => owned(tx, paymentRow(draft, source))),
  );
  await insertRows(
    tx,
    orderEvents,
    drafts.map((draft) => owned(tx, timelineRow(tx, draft))),
  );
  await emit(tx, ...drafts.map((draft) => placed(draft, source)));
  return { created: created.length, existing: batch.length - created.length };
}

interface Draft {
  readonly order: ImportedOrder;
  readonly id: `ord_${string}`;
  readonly number: bigint;
  readonly total: bigint;
}

const byPlace = (a: ImportedOrder, b: ImportedOrder) =>
  a.placedAt.getTime() - b.placedAt.getTime() || (a.externalId < b.externalId ? -1 : 1);

const unitsOf = ({ lines }: ImportedOrder) => lines.reduce((sum, { quantity }) => sum + quantity, 0);

function orderRow({ order, id, number, total }: Draft, source: string) {
  const units = unitsOf(order);
  const paid = { total, authorized: 0n, captured: total, refunded: 0n };
  const goods = { orderedUnits: units, allocatedUnits: units, shippedUnits: units, deliveredUnits: units, returnedUnits: 0 };
  return {
    ...paid,
    ...goods,
    id,
    number,
    version: 1,
    customerId: order.customerId,
    currency: order.currency,
    subtotal: total,
    discount: 0n,
    tax: 0n,
    taxIncluded: false,
    shipping: 0n,
    status: 'COMPLETED' as const,
    paymentStatus: paymentStatusOf(paid),
    fulfillmentStatus: fulfillmentStatusOf(goods),
    shippingAddress: order.countryCode ? { ...nowhere, country: order.countryCode } : null,
    source,
    externalId: order.externalId,
    placedAt: order.placedAt,
    paidAt: order.placedAt,
    shippedAt: order.placedAt,
    completedAt: order.placedAt,
  };
}

const nowhere: Omit<OrderAddress, 'country'> = {
  name: null,
  company: null,
  line1: null,
  line2: null,
  city: null,
  region: null,
  postalCode: null,
  phone: null,
};

const lineRows = ({ order, id: orderId }: Draft) =>
  order.lines.map(({ sku, name, quantity, unitPrice }, index) => {
    const worth = unitPrice * BigInt(quantity);
    return {
      id: newId('orl'),
      orderId,
      customerId: order.customerId,
      position: index + 1,
      sku,
      name,
      currency: order.currency,
      quantity,
      unitPrice,
      subtotal: worth,
      discount: 0n,
      tax: 0n,
      taxIncluded: false,
      total: worth,
      allocated: quantity,
      shipped: quantity,
      delivered: quantity,
      returned: 0,
      refunded: 0,
    };
  });

const paymentRow = ({ order, id: orderId, total }: Draft, source: string) => ({
  id: newId('opm'),
  orderId,
  customerId: order.customerId,
  tender: 'OTHER' as const,
  provider: source,
  externalId: order.externalId,
  currency: order.currency,
  authorized: total,
  captured: total,
  refunded: 0n,
  capturedAt: order.placedAt,
});

const timelineRow = ({ scope: { identity } }: Tx, { order, id: orderId, total }: Draft) => ({
  id: newId('oev'),
  orderId,
  customerId: order.customerId,
  sequence: 1,
  kind: 'IMPORTED' as const,
  internal: false,
  actorKind: identity.kind,
  actorId: identity.subjectId,
  amount: total,
  occurredAt: order.placedAt,
});

function placed({ order, id: orderId, number, total }: Draft, source: string) {
  const { customerId, currency, externalId, placedAt } = order;
  const none = money(0n, currency);
  const worth = money(total, currency);
  const amounts = { subtotal: worth, discount: none, tax: none, shipping: none, shippingDiscount: none, total: worth };
  return orderPlaced(
    { orderId, orderVersion: 1, customerId, number: String(number), ...amounts, units: unitsOf(order), source, externalId, placedAt },
    { occurredAt: placedAt },
  );
}
