import type { Id, Money } from '@storegraph/core';
import { first, own, owned, type Tx } from '@storegraph/database';
import { defineReaction, fulfillmentDelivered, fulfillmentShipped, orderPlaced, refundCreated, type EventOf } from '@storegraph/events';
import { eq } from 'drizzle-orm';
import type { Mail } from '../email/send.ts';
import { storefrontLink } from './links.ts';
import { notify } from './notify.ts';
import { mailedOrders, type MailedOrder } from './tables.ts';

/** Remembers to whom mails about an order go, also of orders that an import brought in. */
export const rememberOrder = defineReaction({
  name: 'messaging.remember-order',
  kind: 'projection',
  on: [orderPlaced],
  handle: remember,
});

async function remember(tx: Tx, { payload, personal }: EventOf<typeof orderPlaced>): Promise<void> {
  const known = { number: payload.number, customerId: payload.customerId, name: personal?.name ?? null, email: personal?.email ?? null };
  await tx
    .insert(mailedOrders)
    .values(owned(tx, { id: payload.orderId, ...known }))
    .onConflictDoUpdate({ target: [mailedOrders.storeId, mailedOrders.id], set: known });
}

/** Tells whoever has ordered of the order, its parcels and its refunds. */
export const mailOrders = defineReaction({
  name: 'messaging.mail-orders',
  kind: 'effect',
  on: [orderPlaced, fulfillmentShipped, fulfillmentDelivered, refundCreated],
  handle: async (tx, event, services) => {
    // Another consumer remembers orders too, and may not have come so far.
    if (event.type === 'order.placed') await remember(tx, event);
    const { orderId } = event.payload;
    const order = orderId === null ? undefined : await orderOf(tx, orderId);
    if (order?.email == null) return;
    const link = await storefrontLink(tx, `/account/orders/${order.id}`);
    await notify(tx, event, services, {
      to: { email: order.email, name: order.name },
      language: null,
      customerId: order.customerId,
      relatedTo: { kind: 'Order', id: order.id },
      ...wordsOf(event, { number: order.number, name: order.name, link }),
    });
  },
});

async function orderOf(tx: Tx, id: Id<'ord'>): Promise<MailedOrder | undefined> {
  return first(
    await tx
      .select()
      .from(mailedOrders)
      .where(own(tx, mailedOrders, eq(mailedOrders.id, id))),
  );
}

type OrderEvent = EventOf<typeof orderPlaced | typeof fulfillmentShipped | typeof fulfillmentDelivered | typeof refundCreated>;

function wordsOf(event: OrderEvent, order: Readonly<Record<string, unknown>>): Pick<Mail, 'code' | 'values'> {
  switch (event.type) {
    case 'order.placed': {
      const { subtotal, discount, shipping, tax, total, units, placedAt } = event.payload;
      const sums = {
        subtotal: written(subtotal),
        discount: written(discount),
        shipping: written(shipping),
        tax: written(tax),
        total: written(total),
      };
      return { code: 'order-placed', values: { ...order, ...sums, units, placedAt } };
    }
    case 'fulfillment.shipped': {
      const { carrier = null, trackingNumber = null, trackingUrl = null } = event.personal ?? {};
      return { code: 'order-shipped', values: { ...order, carrier, trackingNumber, trackingUrl: webAddress(trackingUrl) } };
    }
    case 'fulfillment.delivered':
      return { code: 'order-delivered', values: { ...order, complete: event.payload.orderDelivered } };
    case 'refund.created':
      return { code: 'order-refunded', values: { ...order, amount: written(event.payload.amount) } };
  }
}

/** As templates take it: Liquid knows no bigint. */
export const written = ({ amount, currency }: Money) => ({ amount: String(amount), currency });

/** An address that somebody typed is a link only where it leads to the web. */
export const webAddress = (typed: string | null): string | null => (typed !== null && /^https?:\/\//i.test(typed) ? typed : null);
