import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canBecome, initialStatuses, nextStatuses, orderStatuses, type OrderStatus } from '../src/order/order.ts';
import { brokenRules } from './books.ts';
import { key, line, ordersHarness, type PlacedOrder, type UserError } from './desk.ts';
import { discountOf } from './discounts.ts';
import { overdue, sweepUp } from './expiry.ts';
import { interleave } from './interleave.ts';

const orders = await ordersHarness();
const desk = orders.desk();

interface Seen extends PlacedOrder {
  readonly status: OrderStatus;
  readonly version: number;
  readonly fulfillments: readonly { readonly id: string; readonly status: string }[];
  readonly availableTransitions: readonly { readonly name: string; readonly reason: string | null }[];
}
const look = async ({ id }: { id: string }) =>
  (
    await desk.staff.data<{ order: Seen }>(
      `query ($id: ID!) { order(id: $id) { id status version number total { amount } lines { id total { amount } } fulfillments { id status } availableTransitions { name reason } } }`,
      { id },
    )
  ).order;

/** The input with which each mutation that an order offers is asked for; what it does is then up to the order's state alone. */
const asked: Readonly<Record<string, (order: Seen) => object>> = {
  orderDraftUpdate: ({ id }) => ({ orderId: id, shipping: 100 }),
  orderDraftComplete: ({ id }) => ({ orderId: id, idempotencyKey: key() }),
  orderEdit: ({ id, version }) => ({ orderId: id, expectedVersion: version, shipping: version, idempotencyKey: key() }),
  orderCancel: ({ id }) => ({ orderId: id, reason: 'OTHER', idempotencyKey: key() }),
  orderComplete: ({ id }) => ({ orderId: id }),
  orderPaymentRecord: ({ id, total }) => ({
    orderId: id,
    tender: 'CASH',
    captured: Math.ceil(total.amount / 2) || 1,
    idempotencyKey: key(),
  }),
  orderRefund: ({ id }) => ({ orderId: id, amount: 1, reason: 'GOODWILL', idempotencyKey: key() }),
  fulfillmentCreate: ({ id }) => ({ orderId: id, idempotencyKey: key() }),
};
const commands = [...Object.keys(asked), 'ship', 'expire'];
/** To each end of an order one way, whatever else is tried: from a draft, or else placed at once. */
const waysToTheEnds: [boolean, string[]][] = [
  [true, ['orderDraftComplete', 'orderCancel']],
  [false, ['expire']],
  [false, ['orderPaymentRecord', 'orderPaymentRecord', 'fulfillmentCreate', 'ship', 'orderComplete']],
];

it('does what its transitions offer, refuses the rest with the code that they tell, and reaches the states of the table and no others', async () => {
  const reached = new Set<OrderStatus>();
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(fc.constantFrom(...commands), { minLength: 4, maxLength: 9 }), async (drafted, steps) => {
      const begun = { idempotencyKey: key(), currency: 'EUR', lines: [line()] };
      const stem = drafted ? 'orderDraftCreate' : 'orderCreate';
      const { order: made } = await desk.mutate<{ order: PlacedOrder }>(stem, begun, 'order { id lines { id } }');
      for (const step of steps) {
        const before = await look(made);
        reached.add(before.status);
        const input = asked[step];
        if (input) {
          const { userErrors } = await desk.mutate<{ userErrors: UserError[] }>(step, input(before));
          const offered = before.availableTransitions.find(({ name }) => name === step);
          expect([step, userErrors[0]?.code ?? null]).toEqual([step, offered?.reason]);
        } else if (step === 'ship') {
          for (const { id, status } of before.fulfillments)
            if (status === 'PENDING') await desk.mutate('fulfillmentShip', { fulfillmentId: id }, 'fulfillment { id }');
        } else if (before.status !== 'DRAFT') {
          await overdue(orders, made);
          await sweepUp(orders);
        }
        const after = await look(made);
        reached.add(after.status);
        if (after.status !== before.status) expect(canBecome(before.status, after.status)).toBe(true);
      }
    }),
    { numRuns: 12, examples: waysToTheEnds },
  );
  const possible = new Set<OrderStatus>(initialStatuses);
  for (const status of possible) for (const next of nextStatuses[status]) possible.add(next);
  expect([...possible].toSorted()).toEqual([...orderStatuses].toSorted());
  expect([...reached].toSorted()).toEqual([...orderStatuses].toSorted());
  expect(await brokenRules(orders)).toEqual([]);
});

it('keeps its books however pay, capture, pack, send, edit, cancel, expire and return fall together', async () => {
  const { code } = await discountOf(desk);
  await interleave(orders, desk, { rounds: 6, width: 6, code });
  expect(await brokenRules(orders)).toEqual([]);
});
