import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { contact, ofOrder, order, person, units } from './parts.ts';

const ofReturn = { ...ofOrder, returnId: idOf('ret') };

export const returnRequested = defineEvent({
  type: 'return.requested',
  version: 1,
  producer: 'orders',
  description: 'A customer, or the staff for one, wants to send units of an order back.',
  aggregate: order,
  subject: person,
  payload: z.object({ ...ofReturn, lines: units }),
  personal: contact,
});

export const returnApproved = defineEvent({
  type: 'return.approved',
  version: 1,
  producer: 'orders',
  description: 'A return has been allowed: the units may be sent back.',
  aggregate: order,
  subject: person,
  payload: z.object(ofReturn),
  personal: contact,
});

export const returnDeclined = defineEvent({
  type: 'return.declined',
  version: 1,
  producer: 'orders',
  description: 'A return has not been allowed.',
  aggregate: order,
  subject: person,
  payload: z.object(ofReturn),
  personal: contact,
});

export const returnReceived = defineEvent({
  type: 'return.received',
  version: 1,
  producer: 'orders',
  description: 'Units of a return have come back: all that are left of it, or some.',
  aggregate: order,
  payload: z.object({ ...ofReturn, lines: units, complete: z.boolean(), orderReturned: z.boolean() }),
});

export const returnCancelled = defineEvent({
  type: 'return.cancelled',
  version: 1,
  producer: 'orders',
  description: 'A return has been given up: these units will not come back.',
  aggregate: order,
  payload: z.object({ ...ofReturn, lines: units }),
});
