import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofStore } from './parts.ts';

const store = (payload: { storeId: `sto_${string}` }) => payload.storeId;

const profile = {
  name: z.string(),
  country: z.string().length(2).nullable(),
  timezone: z.string(),
  defaultLanguage: z.string(),
};

export const storeCreated = defineEvent({
  type: 'store.created',
  version: 1,
  producer: 'accounts',
  description: 'A store has been opened. Its currency and slug stay as they are.',
  aggregate: store,
  payload: z.object({ ...ofStore, ...profile, slug: z.string(), currency: z.string().length(3), ownerId: idOf('usr') }),
});

export const storeUpdated = defineEvent({
  type: 'store.updated',
  version: 1,
  producer: 'accounts',
  description: 'The name, domain, country or settings of a store have changed. Carries them all as they now are.',
  aggregate: store,
  payload: z.object({ ...ofStore, ...profile, domain: z.string().nullable() }),
});

const because = z.object({ reason: z.string().nullable() });

export const storeSuspended = defineEvent({
  type: 'store.suspended',
  version: 1,
  producer: 'accounts',
  description: 'The platform has closed a store for the time being: nobody of it and no shopper can enter.',
  aggregate: store,
  subject: store,
  payload: z.object({ ...ofStore, at: z.date() }),
  personal: because,
});

export const storeReinstated = defineEvent({
  type: 'store.reinstated',
  version: 1,
  producer: 'accounts',
  description: 'A store that the platform had closed for the time being trades again.',
  aggregate: store,
  subject: store,
  payload: z.object({ ...ofStore, at: z.date() }),
  personal: because,
});

export const storeClosed = defineEvent({
  type: 'store.closed',
  version: 1,
  producer: 'accounts',
  description:
    'A store has been given up, for good. Each domain erases or keeps what it holds by the class of the record; ledgers and invoices stay.',
  aggregate: store,
  subject: store,
  payload: z.object({ ...ofStore, at: z.date(), by: z.enum(['STORE', 'PLATFORM']) }),
  personal: because,
});

export const storeOwnershipTransferred = defineEvent({
  type: 'store.ownershipTransferred',
  version: 1,
  producer: 'accounts',
  description: 'An owner has given a store away to another member. Each of the two also has a `member.roleChanged`.',
  aggregate: store,
  payload: z.object({ ...ofStore, fromUserId: idOf('usr'), toUserId: idOf('usr') }),
});
