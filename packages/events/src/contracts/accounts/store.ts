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
