import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { contact, ofOrder, order, person, tracking, units } from './parts.ts';

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
