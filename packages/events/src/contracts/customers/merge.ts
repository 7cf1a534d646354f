import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';

const ofMerge = { survivorId: idOf('cus'), mergedId: idOf('cus'), mergeId: idOf('mrg') };

export const customerMerged = defineEvent({
  type: 'customer.merged',
  version: 1,
  producer: 'customers',
  description:
    'Two customers were one person. Addresses, contact points, tags and the account of the merged one are the survivor’s now, its id stands for the survivor, and so does whatever hangs on it elsewhere.',
  aggregate: (payload) => payload.survivorId,
  payload: z.object(ofMerge),
});

export const customerMergeUndone = defineEvent({
  type: 'customer.mergeUndone',
  version: 1,
  producer: 'customers',
  description:
    'A merge was a mistake: what came from the merged customer goes back to it. What the survivor got since stays with the survivor.',
  aggregate: (payload) => payload.survivorId,
  payload: z.object(ofMerge),
});
