import { toUuid } from '@storegraph/core';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../test/desk.ts';
import { discountOf } from '../../test/discounts.ts';
import { overdue, sweepUp } from '../../test/expiry.ts';

const orders = await ordersHarness();
const desk = orders.desk();

const place = async (rest: object = {}) => {
  const order = await desk.order({ expiresAt: '2100-01-01T00:00:00.000Z', ...rest });
  await overdue(orders, order);
  return order;
};
const stateOf = async ({ id }: { id: string }) =>
  (
    await desk.staff.data<{ order: object }>(
      `query ($id: ID!) { order(id: $id) { status summaryStatus authorized { amount } captured { amount } due { amount } fulfillments { status } events { nodes { kind actor { kind } } } } }`,
      { id },
    )
  ).order;

describe('an order that is not paid in time', () => {
  it('is kept, once all of it was held, whatever an edit adds or a void lets go', async () => {
    const [edited, voided] = [await place(), await place()];
    for (const order of [edited, voided]) await desk.pay(order, 1, { captured: null, authorized: order.total.amount });
    const more = {
      idempotencyKey: key(),
      orderId: edited.id,
      expectedVersion: 2,
      addLines: [{ name: 'Bell', quantity: 1, unitPrice: 100 }],
    };
    expect((await desk.mutate('orderEdit', more)).userErrors).toEqual([]);
    const { order } = await desk.staff.data<{ order: { payments: { id: string }[] } }>(
      'query ($id: ID!) { order(id: $id) { payments { id } } }',
      {
        id: voided.id,
      },
    );
    expect((await desk.mutate('orderPaymentVoid', { idempotencyKey: key(), paymentId: order.payments[0]?.id })).userErrors).toEqual([]);
    await sweepUp(orders);
    for (const kept of [edited, voided]) expect(await stateOf(kept)).toMatchObject({ status: 'OPEN' });
  });

  it('expires, and lets go of all that it held, once', async () => {
    const { code, id: discountId } = await discountOf(desk);
    const order = await place({ discountCodes: [code] });
    await desk.pay(order, 1, { captured: null, authorized: 500 });
    await desk.parcel(order);
    await Promise.all([sweepUp(orders), sweepUp(orders), sweepUp(orders)]);
    const kinds = ['PLACED', 'PAYMENT_RECORDED', 'FULFILLMENT_CREATED', 'FULFILLMENT_CANCELLED', 'PAYMENT_VOIDED', 'EXPIRED'];
    expect(await stateOf(order)).toEqual({
      status: 'EXPIRED',
      summaryStatus: 'CANCELLED',
      authorized: { amount: 0 },
      captured: { amount: 0 },
      due: { amount: 0 },
      fulfillments: [{ status: 'CANCELLED' }],
      events: { nodes: kinds.map((kind, index) => ({ kind, actor: { kind: index < 3 ? 'STAFF' : 'SYSTEM' } })) },
    });
    expect(await orders.admin(`select used::int as used from orders.discounts where id = $1`, [toUuid(discountId)])).toEqual([{ used: 0 }]);
    const told = await orders.admin(
      `select type, payload->>'orderVersion' as version from events.log where aggregate = $1 and type in ('order.expired', 'orderPayment.voided') order by position`,
      [order.id],
    );
    expect(told).toEqual([
      { type: 'orderPayment.voided', version: '5' },
      { type: 'order.expired', version: '6' },
    ]);
  });

  it('stays when its time is not up, when money came or is held for all of it, and when something has left', async () => {
    const early = await desk.order({ expiresAt: '2100-01-01T00:00:00.000Z' });
    const partly = await place();
    await desk.pay(partly, 1);
    const held = await place();
    await desk.pay(held, 1, { captured: null, authorized: 2500 });
    const sent = await place();
    await desk.mutate('fulfillmentShip', { fulfillmentId: await desk.parcel(sent) });
    const unlimited = await desk.order();
    await sweepUp(orders);
    for (const order of [early, partly, held, sent, unlimited]) expect(await stateOf(order)).toMatchObject({ status: 'OPEN' });
  });

  it('expires in every store in one run, however many there are', async () => {
    const other = orders.desk();
    const theirs = await other.order({ expiresAt: '2100-01-01T00:00:00.000Z' });
    await overdue(orders, theirs);
    const mine = await Promise.all(Array.from({ length: 12 }, () => place()));
    await sweepUp(orders);
    const left = await orders.admin(
      `select count(*)::int as open from orders.orders where status = 'OPEN' and expires_at < now() and captured = 0 and authorized < total and shipped_units = 0`,
    );
    expect(left).toEqual([{ open: 0 }]);
    expect(mine).toHaveLength(12);
  });

  it('or is paid, when both come at once: one wins, and money that comes after it is recorded and can go back', async () => {
    const races = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const order = await place();
        await Promise.all([desk.pay(order, 2500), sweepUp(orders)]);
        return order;
      }),
    );
    for (const order of races) {
      const after = await stateOf(order);
      expect(after).toMatchObject({ captured: { amount: 2500 } });
      const status = (after as { status: string }).status;
      expect(['OPEN', 'EXPIRED']).toContain(status);
      expect(after).toHaveProperty(
        'events.nodes',
        expect.arrayContaining([expect.objectContaining({ kind: status === 'OPEN' ? 'PAID' : 'EXPIRED' })]),
      );
      if (status === 'OPEN') continue;
      const refund = { orderId: order.id, amount: 2500, reason: 'CANCELLED', idempotencyKey: key() };
      expect(await desk.mutate('orderRefund', refund, 'order { paymentStatus }')).toMatchObject({
        order: { paymentStatus: 'REFUNDED' },
        userErrors: [],
      });
    }
  });

  it('is found through the index of what may expire', async () => {
    const plan = await orders.pool.sweep('orders', async (tx) => {
      await tx.execute(sql`set local enable_seqscan = off`);
      return tx.execute<{ 'QUERY PLAN': string }>(
        sql`explain select id from orders.orders where status = 'OPEN' and expires_at is not null and expires_at <= now() and captured = 0 and authorized < total and shipped_units = 0 order by expires_at, id limit 200`,
      );
    });
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('orders_expiring_index');
  });
});
