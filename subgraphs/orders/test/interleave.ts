import fc from 'fast-check';
import { key, line, type Desk, type OrdersHarness, type PlacedOrder } from './desk.ts';
import { overdue, sweepUp } from './expiry.ts';
import { returnInput } from './returns.ts';

interface Options {
  readonly rounds: number;
  /** How many commands are under way at once. */
  readonly width: number;
  readonly code: string;
}

/** Runs random commands on one order after the other, several at once. That they are refused is as good as that they are not; an error is not. */
export async function interleave(orders: OrdersHarness, desk: Desk, { rounds, width, code }: Options): Promise<void> {
  const parcel = async ({ id }: PlacedOrder) => {
    const made = await desk.mutate<{ fulfillment: { id: string } | null }>('fulfillmentCreate', { orderId: id, idempotencyKey: key() });
    return made.fulfillment?.id;
  };
  const actions: Readonly<Record<string, (order: PlacedOrder) => Promise<unknown>>> = {
    pay: ({ id, total }) =>
      desk.mutate('orderPaymentRecord', { orderId: id, tender: 'CARD', captured: total.amount, idempotencyKey: key() }),
    hold: async ({ id }) => {
      const held = { orderId: id, tender: 'CARD', authorized: 300, idempotencyKey: key() };
      const { payment } = await desk.mutate<{ payment: { id: string } | null }>('orderPaymentRecord', held);
      if (payment) await desk.mutate('orderPaymentCapture', { paymentId: payment.id, amount: 100, idempotencyKey: key() });
    },
    card: async ({ id }) => {
      const issued = { amount: 1000, currency: 'EUR', idempotencyKey: key() };
      const { giftCard } = await desk.mutate<{ giftCard: { id: string } | null }>('giftCardIssue', issued, 'giftCard { id }');
      if (giftCard)
        await desk.mutate('orderGiftCardApply', { orderId: id, giftCardId: giftCard.id, idempotencyKey: key() }, 'payment { id }');
    },
    pack: parcel,
    send: async (order) => {
      const fulfillmentId = await parcel(order);
      if (!fulfillmentId) return;
      await desk.mutate('fulfillmentShip', { fulfillmentId });
      await desk.mutate('fulfillmentDeliver', { fulfillmentId });
      const asked = await desk.mutate<{ return: { id: string } | null }>('returnRequest', returnInput(order, 1, { approve: true }));
      if (asked.return) await desk.mutate('returnReceive', { returnId: asked.return.id, refund: true, idempotencyKey: key() });
    },
    edit: async ({ id, lines }) => {
      const setLines = [{ lineId: lines[0]?.id, quantity: 3 }];
      // Somebody may be faster: then once more, as a person would.
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const { order } = await desk.staff.data<{ order: { version: number } }>('query ($id: ID!) { order(id: $id) { version } }', { id });
        const input = { orderId: id, expectedVersion: order.version, setLines, discountCodes: [code], idempotencyKey: key() };
        const { userErrors } = await desk.mutate('orderEdit', input);
        if (!userErrors.some((error) => error.code === 'CONFLICT')) return;
      }
    },
    cancel: ({ id }) => desk.mutate('orderCancel', { orderId: id, reason: 'OTHER', refund: true, idempotencyKey: key() }),
    refund: ({ id }) => desk.mutate('orderRefund', { orderId: id, amount: 100, reason: 'OTHER', idempotencyKey: key() }),
    expire: () => sweepUp(orders),
  };
  const sequences = fc.sample(fc.array(fc.constantFrom(...Object.keys(actions)), { minLength: width, maxLength: width }), rounds);
  for (const names of sequences) {
    const order = await desk.order({
      lines: [line({ quantity: 2 }), line({ name: 'Wick', quantity: 1, unitPrice: 333 })],
      discountCodes: [code],
      tax: 77,
      expiresAt: '2100-01-01T00:00:00.000Z',
    });
    await overdue(orders, order);
    await Promise.all(
      names.map(async (name) => {
        await actions[name]?.(order);
      }),
    );
  }
}
