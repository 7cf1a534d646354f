import { newId, toUuid } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const draft = async (of = desk) =>
  (
    await of.mutate<{ order: { id: string } }>('orderDraftCreate', {
      idempotencyKey: key(),
      currency: 'EUR',
      lines: [line({ discount: 5 })],
    })
  ).order.id;

describe('orderDraftDelete', () => {
  it('leaves nothing of a draft behind, and no gap among the orders', async () => {
    const orderId = await draft();
    expect(await desk.mutate('orderDraftDelete', { orderId }, 'order { id number lines { id } }')).toEqual({
      order: { id: orderId, number: 'D1', lines: [] },
      userErrors: [],
    });
    const left = await orders.admin(
      `select (select count(*) from orders.orders)::int as orders, (select count(*) from orders.order_lines)::int as lines,
         (select count(*) from orders.order_discount_allocations)::int as allocations, (select count(*) from orders.order_events)::int as events`,
    );
    expect(left).toEqual([{ orders: 0, lines: 0, allocations: 0, events: 0 }]);
    expect((await desk.order()).number).toBe('1001');
  });

  it('the database lets no placed order go, whoever asks', async () => {
    const { id } = await desk.order();
    await expect(desk.write((tx) => tx.execute(sql`delete from orders.orders where id = ${toUuid(id)}::uuid`))).rejects.toThrow();
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { status } }', { id })).toEqual({ order: { status: 'OPEN' } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const foreign = await draft(orders.desk());
    for (const orderId of ['', newId('ord'), foreign]) {
      expect(await desk.refused('orderDraftDelete', { orderId })).toEqual([['NOT_FOUND', 'orderId']]);
    }
    const { id } = await desk.order();
    expect(await desk.refused('orderDraftDelete', { orderId: id })).toEqual([['NOT_A_DRAFT', null]]);
    const reader = desk.as(identity.staff(desk.storeId, []));
    expect(
      await reader.codes('mutation ($id: ID!) { orderDraftDelete(input: { orderId: $id }) { order { id } } }', { id: await draft() }),
    ).toEqual(['FORBIDDEN']);
  });
});
