import { z } from 'zod';
import { anyDomain, defineEvent } from '../../contract.ts';
import { idOf, moneyOf } from '../../schemas.ts';
import { order } from './parts.ts';

const ofDiscount = { discountId: idOf('dsc') };
const discount = (payload: { discountId: `dsc_${string}` }) => payload.discountId;

export const discountCreated = defineEvent({
  type: 'discount.created',
  version: 1,
  producer: 'orders',
  description: 'A store has a new discount.',
  aggregate: discount,
  payload: z.object({
    ...ofDiscount,
    title: z.string(),
    method: z.enum(['CODE', 'AUTOMATIC']),
    kind: z.enum(['PERCENTAGE', 'FIXED_AMOUNT', 'FREE_SHIPPING']),
    startsAt: z.date(),
    endsAt: z.date().nullable(),
  }),
});

export const discountUpdated = defineEvent({
  type: 'discount.updated',
  version: 1,
  producer: 'orders',
  description: "A discount's words, worth, conditions or limits have changed. Orders that have it keep what they were given.",
  aggregate: discount,
  payload: z.object({ ...ofDiscount, title: z.string(), startsAt: z.date(), endsAt: z.date().nullable() }),
});

export const discountEnabled = defineEvent({
  type: 'discount.enabled',
  version: 1,
  producer: 'orders',
  description: 'A discount that was switched off can be used again.',
  aggregate: discount,
  payload: z.object(ofDiscount),
});

export const discountDisabled = defineEvent({
  type: 'discount.disabled',
  version: 1,
  producer: 'orders',
  description: 'A discount has been switched off.',
  aggregate: discount,
  payload: z.object(ofDiscount),
});

export const discountArchived = defineEvent({
  type: 'discount.archived',
  version: 1,
  producer: 'orders',
  description: 'A discount has been put away for good, and its codes with it.',
  aggregate: discount,
  payload: z.object(ofDiscount),
});

export const discountCodeCreated = defineEvent({
  type: 'discountCode.created',
  version: 1,
  producer: 'orders',
  description: 'A discount has a new code.',
  aggregate: discount,
  payload: z.object({ ...ofDiscount, codeId: idOf('dcd') }),
});

export const discountCodeDisabled = defineEvent({
  type: 'discountCode.disabled',
  version: 1,
  producer: 'orders',
  description: 'One code of a discount has been switched off.',
  aggregate: discount,
  payload: z.object({ ...ofDiscount, codeId: idOf('dcd') }),
});

export const discountCodeBatchCreated = defineEvent({
  type: 'discountCodeBatch.created',
  version: 1,
  producer: 'orders',
  description: 'Many codes of a discount have been made together.',
  aggregate: discount,
  payload: z.object({ ...ofDiscount, batchId: idOf('dbt'), count: z.int().positive() }),
});

// Of the order, so that what it takes and gives back comes in order with all else that happens to it.
const ofRedemption = {
  redemptionId: idOf('drd'),
  orderId: idOf('ord'),
  discountId: idOf('dsc'),
  codeId: idOf('dcd').nullable(),
  customerId: idOf('cus').nullable(),
  amount: moneyOf,
};

export const discountRedeemed = defineEvent({
  type: 'discount.redeemed',
  version: 1,
  producer: 'orders',
  description: 'An order has used a discount.',
  aggregate: order,
  payload: z.object(ofRedemption),
});

export const discountReleased = defineEvent({
  type: 'discount.released',
  version: 1,
  producer: 'orders',
  description: 'An order that will not be has given back its use of a discount.',
  aggregate: order,
  payload: z.object(ofRedemption),
});

const name = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);
const ofRequest = { requester: name, key: z.string().min(1).max(150) };
/** Requests are no rows: they are told apart, and handled in order, by who asks and under which key. */
const request = ({ requester, key }: { requester: string; key: string }): `${string}_${string}` => `${requester}_${key}`;

/** Amounts are in `currency`; without one, a code without amounts is good in every currency. */
const terms = z.object({
  /** What customers read on their order. */
  title: z.string().min(1).max(200),
  kind: z.enum(['PERCENTAGE', 'FIXED_AMOUNT', 'FREE_SHIPPING']),
  /** Hundredths of a percent of a PERCENTAGE; minor units of a FIXED_AMOUNT; null of FREE_SHIPPING. */
  value: z.bigint().nullable(),
  currency: z.string().length(3).nullable(),
  minimumSubtotal: z.bigint().nullable(),
  /** The most that a PERCENTAGE gives. */
  maximum: z.bigint().nullable(),
  expiresAt: z.date().nullable(),
  /** How many orders the code is good for; null for any number. */
  usageLimit: z.int().positive().nullable(),
  /** The only customer who may use it. */
  customerId: idOf('cus').nullable(),
  codePrefix: z.string().nullable(),
});

export const discountCodeRequested = defineEvent({
  type: 'discountCode.requested',
  version: 1,
  producer: anyDomain,
  description: 'A domain asks for a discount code, on its own terms. One code is made for each key of a requester, and told to it.',
  aggregate: request,
  payload: z.object({ ...ofRequest, terms }),
});

export const discountCodeIssued = defineEvent({
  type: 'discountCode.issued',
  version: 1,
  producer: 'orders',
  description: 'The code that a domain has asked for. Whoever reads the code can use it: it goes with the person whom it is for.',
  aggregate: request,
  subject: (payload) => payload.customerId ?? payload.codeId,
  payload: z.object({ ...ofRequest, discountId: idOf('dsc'), codeId: idOf('dcd'), customerId: idOf('cus').nullable() }),
  personal: z.object({ code: z.string() }),
});

export const discountCodeRefused = defineEvent({
  type: 'discountCode.refused',
  version: 1,
  producer: 'orders',
  description: 'A code that a domain has asked for is not given.',
  aggregate: request,
  payload: z.object({ ...ofRequest, reason: z.enum(['INVALID_TERMS', 'UNKNOWN_CURRENCY', 'ALREADY_EXPIRED', 'DISABLED']) }),
});
