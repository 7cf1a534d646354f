import { toUuid } from '@storegraph/core';
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
  fc.record({ act: fc.constantFrom('REFUND', 'GRANT', 'SETTLE', 'CANCEL'), amount: fc.integer({ min: 1, max: 700 }), which: fc.nat(9) }),
  { minLength: 4, maxLength: 9 },
);

it.each(['JPY', 'EUR', 'KWD'])('refunds in %s, in any split, never exceed what was captured, tender by tender', async (currency) => {
  await fc.assert(
    fc.asyncProperty(payments, steps, async (tenders, run) => {
      const captured = tenders.reduce((sum, { amount }) => sum + amount, 0);
      const order = await desk.order({ currency, lines: [line({ quantity: 1, unitPrice: captured })] });
      for (const { tender, amount } of tenders) {
        if (tender === 'GIFT_CARD') await capture(desk, await payByCard(desk, order, await issueCard(desk, { amount, currency })));
        else await desk.pay(order, amount, { tender });
      }
      const granted: { id: string; amount: number }[] = [];
      let left = captured;
      for (const { act, amount, which } of run) {
        if (act === 'REFUND' || act === 'GRANT') {
          const input = { orderId: order.id, amount, reason: 'OTHER', idempotencyKey: key() };
          const { refund } = await desk.mutate<{ refund: { id: string } | null }>(
            act === 'GRANT' ? 'refundGrant' : 'orderRefund',
            input,
            'refund { id }',
          );
          expect(refund !== null).toBe(amount <= left);
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
    { numRuns: 4 },
  );
  expect(await discrepancies(orders, desk)).toEqual([]);
});
