import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf, moneyOf } from '../../schemas.ts';
import { ofOrder, order, tender } from './parts.ts';

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
