import { toUuid, type Id } from '@storegraph/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../test/desk.ts';
import { capture, discrepancies, issueCard, payByCard } from '../../test/gift-cards.ts';

const orders = await ordersHarness();
const desk = orders.desk();

const payments = fc.array(fc.record({ tender: fc.constantFrom('CARD', 'CASH', 'GIFT_CARD'), amount: fc.integer({ min: 1, max: 900 }) }), {
  minLength: 1,
  maxLength: 4,
});
const steps = fc.array(
  fc.record({
    act: fc.constantFrom('REFUND', 'GRANT', 'NAMED', 'SETTLE', 'CANCEL'),
    amount: fc.integer({ min: 1, max: 700 }),
    edge: fc.option(fc.nat(1)),
    which: fc.nat(9),
  }),
  { minLength: 4, maxLength: 9 },
);

/** What was captured by a payment, and is neither given back nor promised. */
const leftOf = async (paymentId: Id<'opm'>): Promise<number> => {
  const [payment] = await orders.admin<{ left: number }>(
    'select (captured - refunded - granted)::integer as left from orders.order_payments where id = $1::uuid',
    [toUuid(paymentId)],
  );
  return payment?.left ?? 0;
};

it.each(['JPY', 'EUR', 'KWD'])('refunds in %s, in any split, never exceed what was captured, tender by tender', async (currency) => {
  await fc.assert(
    fc.asyncProperty(payments, steps, async (tenders, run) => {
      const captured = tenders.reduce((sum, { amount }) => sum + amount, 0);
      const order = await desk.order({ currency, lines: [line({ quantity: 1, unitPrice: captured })] });
      const paid: Id<'opm'>[] = [];
      for (const { tender, amount } of tenders) {
        if (tender === 'GIFT_CARD') {
          const held = await payByCard(desk, order, await issueCard(desk, { amount, currency }));
          await capture(desk, held);
          paid.push(held);
        } else paid.push(await desk.pay(order, amount, { tender }));
      }
      const granted: { id: string; amount: number }[] = [];
      let left = captured;
      for (const { act, amount: any, edge, which } of run) {
        if (act === 'REFUND' || act === 'GRANT' || act === 'NAMED') {
          // On one payment alone, or on the latest first.
          const paymentId = act === 'NAMED' ? paid[which % paid.length] : undefined;
          const most = paymentId === undefined ? left : await leftOf(paymentId);
          // Anything, or all that is left, or one more than that.
          const amount = edge === null ? any : Math.max(1, most + edge);
          const named = paymentId === undefined ? undefined : [{ paymentId, amount }];
          const input = { orderId: order.id, amount, payments: named, reason: 'OTHER', idempotencyKey: key() };
          const { refund } = await desk.mutate<{ refund: { id: string } | null }>(
            act === 'GRANT' ? 'refundGrant' : 'orderRefund',
            input,
            'refund { id }',
          );
          expect(refund !== null).toBe(amount <= most);
          if (!refund) continue;
          left -= amount;
          if (act === 'GRANT') granted.push({ id: refund.id, amount });
          continue;
        }
        const index = granted.length > 0 ? which % granted.length : -1;
        const [chosen] = index < 0 ? [] : granted.splice(index, 1);
        if (!chosen) continue;
        const name = act === 'SETTLE' ? 'refundSettle' : 'refundCancel';
        const done = await desk.mutate(name, { refundId: chosen.id, idempotencyKey: key() }, 'refund { id }');
        expect(done.userErrors).toEqual([]);
        if (act === 'CANCEL') left += chosen.amount;
      }
      const [sums] = await orders.admin(
        `select (sum(captured) - sum(refunded) - sum(granted))::integer as left, bool_and(refunded + granted <= captured) as within,
           sum(granted)::integer as granted from orders.order_payments where order_id = $1::uuid`,
        [toUuid(order.id)],
      );
      expect(sums).toEqual({ left, within: true, granted: granted.reduce((sum, { amount }) => sum + amount, 0) });
    }),
    { numRuns: 8 },
  );
  expect(await discrepancies(orders, desk)).toEqual([]);
});
