import { toUuid } from '@storegraph/core';
import { customerCreated, emit } from '@storegraph/events';
import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from './desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();

const everything = `id number lines { id } payments { id } refunds { id lines { name } payments { amount { amount } } } fulfillments { id lines { quantity } } events { nodes { kind internal } }`;

async function busyOrder(customerId: string | null) {
  const order = await desk.order({ customerId, note: 'Difficult', customerNote: 'Ring twice' });
  await desk.pay(order, 2500);
  await desk.mutate('fulfillmentShip', { fulfillmentId: await desk.parcel(order) });
  await desk.mutate('orderRefund', {
    orderId: order.id,
    lines: [{ lineId: order.lines[0]?.id, quantity: 1 }],
    reason: 'RETURN',
    note: 'Grumpy',
    idempotencyKey: key(),
  });
  await desk.mutate('orderNoteSet', { orderId: order.id, note: 'Very difficult' });
  return order;
}

describe('a customer', () => {
  it('reads their own order with all that belongs to it, but no internal entry and no note of the staff', async () => {
    const customerId = await desk.customer();
    const order = await busyOrder(customerId);
    const mine = desk.as(identity.customer(desk.storeId, customerId));
    const { order: seen } = await mine.data<{ order: { events: { nodes: { kind: string }[] } } }>(
      `query ($id: ID!) { order(id: $id) { customerNote ${everything} } }`,
      { id: order.id },
    );
    expect(seen).toMatchObject({
      customerNote: 'Ring twice',
      lines: [{}],
      payments: [{}],
      refunds: [{ lines: [{ name: 'Lantern' }], payments: [{ amount: { amount: 1250 } }] }],
      fulfillments: [{ lines: [{ quantity: 2 }] }],
    });
    expect(seen.events.nodes.map(({ kind }) => kind)).toEqual([
      'PLACED',
      'PAYMENT_RECORDED',
      'PAID',
      'FULFILLMENT_CREATED',
      'FULFILLMENT_SHIPPED',
      'REFUNDED',
    ]);
    for (const hidden of [
      'note',
      'refunds { note }',
      'availableTransitions { name }',
      'cancelReason',
      'events { nodes { reason } }',
      'payments { externalId }',
      'events { nodes { actor { id } } }',
    ]) {
      expect(await mine.codes(`query ($id: ID!) { order(id: $id) { ${hidden} } }`, { id: order.id })).toContain('FORBIDDEN');
    }
  });

  it('is not told by a filter either which of their orders the staff have noted something on', async () => {
    const customerId = await desk.customer();
    await desk.order({ customerId, note: 'Difficult' });
    const mine = desk.as(identity.customer(desk.storeId, customerId));
    for (const hasNote of [true, false])
      expect(await mine.codes('query ($filter: OrderFilter) { orders(filter: $filter) { totalCount } }', { filter: { hasNote } })).toEqual([
        'FORBIDDEN',
      ]);
    expect(await mine.data('{ orders(filter: { hasNote: null }) { totalCount } }')).toEqual({ orders: { totalCount: 1 } });
  });

  it("finds nothing of another customer's or a guest's orders, and can change nothing", async () => {
    const [other, guest] = [await busyOrder(await desk.customer()), await busyOrder(null)];
    const stranger = desk.as(identity.customer(desk.storeId, await desk.customer()));
    for (const { id } of [other, guest])
      expect(await stranger.data('query ($id: ID!) { order(id: $id) { id } }', { id })).toEqual({ order: null });
    expect(await stranger.data('{ orders { totalCount nodes { id } } refunds { nodes { id } } }')).toEqual({
      orders: { totalCount: 0, nodes: [] },
      refunds: { nodes: [] },
    });
    expect(
      await stranger.codes('mutation ($input: OrderNoteSetInput!) { orderNoteSet(input: $input) { order { id } } }', {
        input: { orderId: other.id, note: 'x' },
      }),
    ).toEqual(['FORBIDDEN']);
  });
});

describe('row-level security alone', () => {
  it('shows another store nothing in any table of the domain, and hides every row from strangers', async () => {
    await busyOrder(await desk.customer());
    const tables = await orders.admin<{
      name: string;
    }>(`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'orders' and c.relkind = 'r' and c.relname not in ('idempotency_keys', 'handled_events') and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'store_id')`);
    expect(tables.length).toBeGreaterThanOrEqual(13);
    const seen = async (kind: string, store: string, customer = '') => {
      const counts: Record<string, number> = {};
      for (const { name } of tables) {
        const results =
          (await orders.admin(`begin; set local role storegraph_orders; set local app.kind = '${kind}'; set local app.store_id = '${store}'; set local app.customer_id = '${customer}';
          select count(*)::int as rows from orders.${name}; rollback`)) as unknown as { rows?: number }[][];
        const rows = results.flat().find((row) => row.rows !== undefined)?.rows ?? -1;
        if (rows !== 0) counts[name] = rows;
      }
      return counts;
    };
    const own = toUuid(desk.storeId);
    expect(await seen('STAFF', toUuid(newId('sto')))).toEqual({});
    expect(await seen('ANONYMOUS', own)).toEqual({});
    expect(await seen('CUSTOMER', own)).toEqual({});
    expect(await seen('CUSTOMER', own, toUuid(newId('cus')))).toEqual({});
    expect(Object.keys(await seen('STAFF', own))).toContain('order_lines');
  });

  it('lets the timeline and refunds be added to and never changed', async () => {
    const rights = await orders.admin(
      `select table_name as name, string_agg(privilege_type, ' ' order by privilege_type) as rights from information_schema.role_table_grants
       where grantee = 'storegraph_orders' and table_schema = 'orders' and table_name in (select jsonb_array_elements_text($1::text::jsonb)) group by 1 order by 1`,
      [JSON.stringify(['fulfillment_lines', 'order_events', 'refund_lines', 'refund_payments', 'refunds'])],
    );
    expect(rights).toHaveLength(5);
    expect(new Set(rights.map((row) => row['rights']))).toEqual(new Set(['INSERT SELECT']));
  });
});

it('takes the customers of customer.created, imported ones too', async () => {
  const other = orders.desk();
  const customerId = newId('cus');
  const customers = orders.pool.session({
    domain: 'customers',
    identity: identity.system(other.storeId),
    correlationId: key(),
    origin: 'IMPORT',
  });
  const profile = {
    firstName: null,
    lastName: null,
    language: null,
    timezone: null,
    birthDate: null,
    gender: null,
    country: null,
    tags: [],
  };
  await customers.write((tx) => emit(tx, customerCreated({ customerId, number: 1, status: 'ACTIVE' }, { personal: profile })));
  await customers.end();
  await orders.settled();
  await other.order({ customerId });
});

it('reads a page of orders with all that belongs to them in the same statements as one order', async () => {
  const other = orders.desk();
  const fill = async () => {
    const order = await other.order({ discount: 100 });
    await other.pay(order, 2400);
    await other.mutate('fulfillmentShip', { fulfillmentId: await other.parcel(order) });
    await other.mutate('orderRefund', {
      orderId: order.id,
      lines: [{ lineId: order.lines[0]?.id, quantity: 1 }],
      reason: 'RETURN',
      idempotencyKey: key(),
    });
  };
  const count = async (first: number) => {
    orders.statements();
    const { orders: page } = await other.staff.data<{ orders: { nodes: object[] } }>(
      `{ orders(first: ${first}) { nodes { ${everything} lines { discountAllocations { amount { amount } } } availableTransitions { name } fulfillments { lines { line { sku } } availableTransitions { name } } refunds { order { id } payments { payment { id } } lines { line { id } } } } } }`,
    );
    expect(page.nodes).toHaveLength(first);
    return orders.statements().filter((statement) => statement.includes('from "orders"') || statement.includes('lateral')).length;
  };
  await Promise.all(Array.from({ length: 12 }, fill));
  const one = await count(1);
  expect(await count(12)).toBe(one);
  // Orders, their lines, allocations, payments, refunds, parcels and timelines; the refunds' shares and lines, the parcels' lines; and by
  // their ids what these point to: orders, lines, payments.
  expect(one).toBe(13);
});
