import { z } from 'zod';
import { idOf } from '../../schemas.ts';

// Every event of an order carries its version, which grows by one with each fact: a consumer sees at once whether it missed one.
export const ofOrder = {
  orderId: idOf('ord'),
  orderVersion: z.int().positive(),
  customerId: idOf('cus').nullable(),
};

export const reference = z.object({ source: z.string(), externalId: z.string() }).nullable();
export const contact = z.object({ name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable() });
export const tracking = z.object({
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  trackingUrl: z.string().nullable(),
});
export const units = z.array(z.object({ lineId: idOf('orl'), quantity: z.int().positive() }));
export const tender = z.enum(['CARD', 'GIFT_CARD', 'CASH', 'TRANSFER', 'OTHER']);

export const order = (payload: { orderId: `ord_${string}` }) => payload.orderId;
/** A guest's data is found by the order, having nobody else to name. */
export const person = (payload: { orderId: `ord_${string}`; customerId: `cus_${string}` | null }) => payload.customerId ?? payload.orderId;

/** A domain asks for something under a key of its own making, and is answered once for each. */
export const ofRequest = { requester: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), key: z.string().min(1).max(150) };
/** Requests are no rows: they are told apart, and handled in order, by who asks and under which key. */
export const request = ({ requester, key }: { requester: string; key: string }): `${string}_${string}` => `${requester}_${key}`;
