import { z } from 'zod';
import { defineEvent } from '../contract.ts';
import { idOf, moneyOf } from '../schemas.ts';

// Every event of an order carries its version, which grows by one with each fact: a consumer sees at once whether it missed one.
const ofOrder = {
  orderId: idOf('ord'),
  orderVersion: z.int().positive(),
  customerId: idOf('cus').nullable(),
};

const reference = z.object({ source: z.string(), externalId: z.string() }).nullable();
const contact = z.object({ name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable() });
const tracking = z.object({ carrier: z.string().nullable(), trackingNumber: z.string().nullable(), trackingUrl: z.string().nullable() });
const units = z.array(z.object({ lineId: idOf('orl'), quantity: z.int().positive() }));
const tender = z.enum(['CARD', 'GIFT_CARD', 'CASH', 'TRANSFER', 'OTHER']);

const order = (payload: { orderId: `ord_${string}` }) => payload.orderId;
/** A guest's data is found by the order, having nobody else to name. */
const person = (payload: { orderId: `ord_${string}`; customerId: `cus_${string}` | null }) => payload.customerId ?? payload.orderId;

export const orderPlaced = defineEvent({
  type: 'order.placed',
  version: 1,
  producer: 'orders',
  description: 'An order has been placed, or brought in by an import.',
  aggregate: order,
  subject: person,
  payload: z.object({
    ...ofOrder,
    number: z.string(),
    subtotal: moneyOf,
    discount: moneyOf,
    tax: moneyOf,
    shipping: moneyOf,
    total: moneyOf,
    units: z.int().positive(),
    source: z.string(),
    externalId: z.string().nullable(),
    placedAt: z.date(),
  }),
  personal: contact,
});

export const orderPaid = defineEvent({
  type: 'order.paid',
  version: 1,
  producer: 'orders',
  description: 'Captured payments cover the total of an order for the first time.',
  aggregate: order,
  payload: z.object({ ...ofOrder, total: moneyOf, captured: moneyOf }),
});

export const orderCancelled = defineEvent({
  type: 'order.cancelled',
  version: 1,
  producer: 'orders',
  description: 'An order will not be delivered.',
  aggregate: order,
  payload: z.object({ ...ofOrder, reason: z.enum(['CUSTOMER', 'INVENTORY', 'FRAUD', 'DECLINED', 'STAFF', 'OTHER']), total: moneyOf }),
});

export const orderCompleted = defineEvent({
  type: 'order.completed',
  version: 1,
  producer: 'orders',
  description: 'An order is paid, delivered and closed.',
  aggregate: order,
  payload: z.object({ ...ofOrder, total: moneyOf, refunded: moneyOf }),
});

const ofPayment = { ...ofOrder, paymentId: idOf('opm'), tender, provider: z.string().nullable() };

export const orderPaymentRecorded = defineEvent({
  type: 'orderPayment.recorded',
  version: 1,
  producer: 'orders',
  description: 'A payment for an order has become known, authorised or already captured.',
  aggregate: order,
  payload: z.object({ ...ofPayment, authorized: moneyOf, captured: moneyOf }),
});

export const orderPaymentCaptured = defineEvent({
  type: 'orderPayment.captured',
  version: 1,
  producer: 'orders',
  description: 'Money that a payment had authorised has been taken.',
  aggregate: order,
  payload: z.object({ ...ofPayment, amount: moneyOf }),
});

export const orderPaymentVoided = defineEvent({
  type: 'orderPayment.voided',
  version: 1,
  producer: 'orders',
  description: 'What a payment had authorised and not captured has been let go.',
  aggregate: order,
  payload: z.object({ ...ofPayment, released: moneyOf }),
});

export const refundCreated = defineEvent({
  type: 'refund.created',
  version: 1,
  producer: 'orders',
  description: 'Money has gone back to a customer. An imported credit note names no order, and stands for itself.',
  aggregate: (payload) => payload.orderId ?? payload.refundId,
  payload: z.object({
    refundId: idOf('rfd'),
    orderId: idOf('ord').nullable(),
    orderVersion: z.int().positive().nullable(),
    customerId: idOf('cus').nullable(),
    amount: moneyOf,
    /** What the whole order costs, for those who claim back in proportion. */
    orderTotal: moneyOf.nullable(),
    reason: z.enum(['RETURN', 'DAMAGED', 'NOT_DELIVERED', 'OVERCHARGE', 'GOODWILL', 'CANCELLED', 'OTHER']),
    lines: units,
    reference,
    refundedAt: z.date(),
  }),
});

const ofFulfillment = { ...ofOrder, fulfillmentId: idOf('ful') };

export const fulfillmentCreated = defineEvent({
  type: 'fulfillment.created',
  version: 1,
  producer: 'orders',
  description: 'Units of an order have been set aside for a parcel.',
  aggregate: order,
  payload: z.object({ ...ofFulfillment, lines: units }),
});

export const fulfillmentShipped = defineEvent({
  type: 'fulfillment.shipped',
  version: 1,
  producer: 'orders',
  description: 'A parcel has left.',
  aggregate: order,
  subject: person,
  payload: z.object({ ...ofFulfillment, lines: units }),
  personal: contact.extend(tracking.shape),
});

export const fulfillmentDelivered = defineEvent({
  type: 'fulfillment.delivered',
  version: 1,
  producer: 'orders',
  description: 'A parcel has arrived.',
  aggregate: order,
  payload: z.object({ ...ofFulfillment, lines: units, orderDelivered: z.boolean() }),
});

export const fulfillmentCancelled = defineEvent({
  type: 'fulfillment.cancelled',
  version: 1,
  producer: 'orders',
  description: 'A parcel will not be sent, or did not arrive: its units can be sent again.',
  aggregate: order,
  payload: z.object({ ...ofFulfillment, lines: units }),
});
