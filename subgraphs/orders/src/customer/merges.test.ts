import { fromUuid, newId, toUuid, type CustomerId } from '@storegraph/core';
import { customerErased, customerMerged, customerMergeUndone, emit, type DraftEvent } from '@storegraph/events';
import { customerTables } from '@storegraph/known-customers';
import { identity } from '@storegraph/testing';
import { toSnakeCase } from 'drizzle-orm/casing';
import { getTableColumns } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness, type Desk } from '../../test/desk.ts';
import { importOrders } from '../import/import-orders.ts';
import { harmless, treatments } from './personal.ts';

const harness = await ordersHarness();
const { admin, settled, pool } = harness;

/** What customers tells, as it does: in a transaction of its own. */
async function tell(desk: Desk, ...events: readonly DraftEvent[]): Promise<void> {
  const db = pool.session({ domain: 'customers', identity: identity.system(desk.storeId), correlationId: key(), origin: 'LIVE' });
  try {
    await db.write((tx) => emit(tx, ...events));
  } finally {
    await db.end();
  }
}

interface Pair {
  readonly survivorId: CustomerId;
  readonly mergedId: CustomerId;
}
const mergeOf = (pair: Pair) => ({ ...pair, mergeId: newId('mrg') });

const withCustomer = [...customerTables('orders').keys()].toSorted();

/** How many rows of each table name a customer. */
async function rowsOf(customerId: CustomerId): Promise<Record<string, number>> {
  const counts = withCustomer.map((name) => `(select count(*)::integer from orders.${name} where customer_id = $1) as ${name}`);
  const [row] = await admin<Record<string, number>>(`select ${counts.join(', ')}`, [toUuid(customerId)]);
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, count]) => count > 0));
}

/** Every row of every table with a customer, and who is known. */
async function everything(): Promise<unknown> {
  const parts = [...withCustomer, 'known_customers', 'customer_moves'].map(
    (name) => `(select jsonb_agg(to_jsonb(t) - 'updated_at' order by to_jsonb(t)) from orders.${name} t) as ${name}`,
  );
  return (await admin(`select ${parts.join(', ')}`))[0];
}

/** A customer with a bit of everything. */
async function customer(desk: Desk, code?: string): Promise<CustomerId> {
  const customerId = await desk.customer();
  const contact = { name: 'Ada', email: `${customerId}@example.com` };
  const order = await desk.order({ customerId, contact, discount: 100, ...(code ? { discountCodes: [code] } : {}) });
  await desk.pay(order, 500);
  await desk.mutate('orderRefund', { orderId: order.id, amount: 100, reason: 'GOODWILL', idempotencyKey: key() });
  const parcel = await desk.parcel(order);
  await desk.mutate('fulfillmentShip', { fulfillmentId: parcel });
  await desk.order({ customerId });
  return customerId;
}

async function discountCode(desk: Desk, customerLimit: number): Promise<string> {
  const code = `CODE${newId('dcd').slice(-8)}`;
  const { discount, userErrors } = await desk.mutate<{ discount: { id: string } }>(
    'discountCreate',
    { title: 'Ten', method: 'CODE', kind: 'PERCENTAGE', appliesTo: 'ORDER', basisPoints: 1000, customerLimit },
    'discount { id }',
  );
  expect(userErrors).toEqual([]);
  expect((await desk.mutate('discountCodeCreate', { discountId: discount.id, code }, 'code { id }')).userErrors).toEqual([]);
  return code;
}

describe('a merge', () => {
  it('moves every row of every table, and taken back it gives back the same rows', async () => {
    const desk = harness.desk();
    const code = await discountCode(desk, 1);
    const pair = { survivorId: await customer(desk, code), mergedId: await customer(desk, code) };
    for (const customerId of [pair.survivorId, pair.mergedId]) {
      const card = { idempotencyKey: key(), amount: 1000, currency: 'EUR', customerId };
      expect((await desk.mutate('giftCardIssue', card, 'giftCard { id }')).userErrors).toEqual([]);
    }
    await settled();
    const before = await everything();
    const [mine, theirs] = [await rowsOf(pair.survivorId), await rowsOf(pair.mergedId)];
    expect(Object.keys(theirs)).toEqual(
      expect.arrayContaining([
        'orders',
        'order_lines',
        'order_events',
        'order_payments',
        'refunds',
        'refund_payments',
        'fulfillments',
        'fulfillment_lines',
        'order_discount_allocations',
        'discount_redemptions',
        'discount_customers',
        'gift_cards',
        'gift_card_entries',
      ]),
    );

    const merge = mergeOf(pair);
    await tell(desk, customerMerged(merge));
    await settled();
    const merged = await rowsOf(pair.survivorId);
    expect(await rowsOf(pair.mergedId)).toEqual({ discount_customers: 1 });
    const { discount_customers: counters, ...moved } = merged;
    expect(counters).toBe(1);
    expect(moved).toEqual(Object.fromEntries(Object.keys(moved).map((name) => [name, (mine[name] ?? 0) + (theirs[name] ?? 0)])));
    const uses = await admin(`select used, usage_limit from orders.discount_customers where store_id = $1 order by used`, [
      toUuid(desk.storeId),
    ]);
    expect(uses).toEqual([
      { used: 0, usage_limit: 1 },
      { used: 2, usage_limit: 2 },
    ]);

    await tell(desk, customerMergeUndone(merge));
    await settled();
    expect(await everything()).toEqual(before);
  });

  it('takes along what comes under the old id later, and what hangs on a moved order goes back with it', async () => {
    const desk = harness.desk();
    const pair = { survivorId: await customer(desk), mergedId: await customer(desk) };
    const [orderOfMerged] = await admin<{ id: string }>(`select id from orders.orders where customer_id = $1 order by number limit 1`, [
      toUuid(pair.mergedId),
    ]);
    const merge = mergeOf(pair);
    await tell(desk, customerMerged(merge));
    await settled();
    const late = await desk.order({ customerId: pair.mergedId, discount: 100 });
    await desk.write((tx) =>
      importOrders(tx, [
        {
          externalId: key(),
          placedAt: new Date(),
          currency: 'EUR',
          customerId: pair.mergedId,
          lines: [{ sku: 'X', name: 'X', quantity: 1, unitPrice: 100n }],
        },
      ]),
    );
    expect(await rowsOf(pair.mergedId)).toEqual({});
    const orderId = fromUuid('ord', orderOfMerged?.id ?? '');
    await desk.pay({ id: orderId }, 700);
    await tell(desk, customerMergeUndone(merge));
    await settled();
    const back = await rowsOf(pair.mergedId);
    expect([back['orders'], back['order_payments']]).toEqual([2, 2]);
    const split = await admin(`select count(*)::integer as count from orders.order_events e join orders.orders o using (store_id)
      where e.order_id = o.id and e.customer_id is distinct from o.customer_id`);
    expect(split).toEqual([{ count: 0 }]);
    const { orders } = await desk.staff.data<{ orders: { nodes: { id: string }[] } }>(
      '{ orders(first: 100) { nodes { id customer { id } } } }',
    );
    expect(orders.nodes.find(({ id }) => id === late.id)).toMatchObject({ customer: { id: pair.survivorId } });
  });

  it('ends where merges of merges end, in whatever sequence they are heard, and each is taken back to where it came from', async () => {
    const desk = harness.desk();
    const [a, b, c] = [await customer(desk), await customer(desk), await customer(desk)];
    const each = await rowsOf(a);
    const [inner, outer] = [mergeOf({ mergedId: a, survivorId: b }), mergeOf({ mergedId: b, survivorId: c })];
    await tell(desk, customerMerged(outer));
    await settled();
    await tell(desk, customerMerged(inner));
    await settled();
    expect([await rowsOf(a), await rowsOf(b)]).toEqual([{}, {}]);
    expect((await rowsOf(c))['orders']).toBe(6);
    await tell(desk, customerMergeUndone(outer));
    await settled();
    expect([(await rowsOf(b))['orders'], (await rowsOf(c))['orders']]).toEqual([4, 2]);
    await tell(desk, customerMergeUndone(inner));
    await settled();
    expect([await rowsOf(a), await rowsOf(b), await rowsOf(c)]).toEqual([each, each, each]);
  });

  it('loses no order that is placed meanwhile', async () => {
    const desk = harness.desk();
    const pair = { survivorId: await desk.customer(), mergedId: await desk.customer() };
    await settled();
    const place = () => desk.order({ customerId: pair.mergedId, lines: [line({ quantity: 1 })] });
    const placed = Promise.all(Array.from({ length: 12 }, place));
    await tell(desk, customerMerged(mergeOf(pair)));
    await Promise.all([settled(), placed]);
    await settled();
    expect([await rowsOf(pair.mergedId), (await rowsOf(pair.survivorId))['orders']]).toEqual([{}, 12]);
  });

  it('takes as many statements for many orders as for one', async () => {
    const desk = harness.desk();
    const count = async (orders: number) => {
      const pair = { survivorId: await desk.customer(), mergedId: await desk.customer() };
      for (let at = 0; at < orders; at++) await desk.order({ customerId: pair.mergedId });
      await settled();
      harness.statements();
      await tell(desk, customerMerged(mergeOf(pair)));
      await settled();
      return harness.statements().filter((text) => text.includes('customer_id')).length;
    };
    expect(await count(8)).toBe(await count(1));
  });
});

describe('an erasure', () => {
  it('refuses whatever would be written about the customer later, under each of its ids', async () => {
    const desk = harness.desk();
    const pair = { survivorId: await customer(desk), mergedId: await customer(desk) };
    await tell(desk, customerMerged(mergeOf(pair)));
    await tell(
      desk,
      customerErased({ customerId: pair.survivorId, erasureId: newId('ers'), customerIds: [pair.survivorId, pair.mergedId] }),
    );
    await settled();
    const place = (customerId: CustomerId) =>
      desk.refused('orderCreate', { customerId, currency: 'EUR', lines: [line()], idempotencyKey: key() });
    expect(await Promise.all([place(pair.survivorId), place(pair.mergedId)])).toEqual([
      [['NOT_FOUND', 'customerId']],
      [['NOT_FOUND', 'customerId']],
    ]);
  });

  it('knows what is personal in every table with a customer', async () => {
    expect(Object.keys(treatments).toSorted()).toEqual(withCustomer);
    const columns = await admin<{ place: string }>(`
      select table_name || '.' || column_name as place from information_schema.columns
      where table_schema = 'orders' and (data_type in ('text', 'jsonb') or data_type = 'ARRAY') order by 1`);
    const told = Object.entries(treatments).flatMap(([name, { blank }]) => Object.keys(blank).map((column) => `${name}.${column}`));
    const undecided = columns
      .map(({ place }) => place)
      .filter((place) => withCustomer.includes(place.split('.')[0] ?? '') && !told.includes(place) && !harmless.has(place));
    expect(undecided).toEqual([]);
  });
});

it('every table with a customer follows merges', async () => {
  const triggers = await admin<{ name: string }>(`
    select distinct c.relname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'orders'::regnamespace and t.tgname in ('forward_customer', 'forward_customers') order by 1`);
  expect(triggers.map(({ name }) => name)).toEqual(withCustomer);
  for (const table of customerTables('orders').values())
    expect(toSnakeCase(getTableColumns(table)['customerId']?.name ?? '')).toBe('customer_id');
});
