import { z } from 'zod';
import { anyDomain, defineEvent } from '../contract.ts';
import { anyId } from '../schemas.ts';

/** What is counted, by the name that its domain has for it: `addresses`. Never content. */
const what = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
const count = z.int().nonnegative();

export const personalDataErased = defineEvent({
  type: 'personalData.erased',
  version: 1,
  producer: anyDomain,
  description:
    'A domain has erased what was personal about somebody, as it was asked to by `requestId`. Tells how many records of what kind have lost it, and which stay, for what reason. Whoever asked collects the answers.',
  aggregate: (payload) => payload.requestId,
  payload: z.object({
    requestId: anyId,
    subject: anyId,
    domain: z.string().regex(/^[a-z][a-z0-9]{0,30}$/),
    erased: z.array(z.object({ what, count })).max(200),
    kept: z.array(z.object({ what, count, reason: z.enum(['TAX_RECORDS', 'LEDGER', 'AUDIT']) })).max(200),
  }),
});
