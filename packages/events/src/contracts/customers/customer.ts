import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { ofCustomer, ofOne } from './parts.ts';

const status = z.enum(['ACTIVE', 'DISABLED']);
const profile = z.object({
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  /** BCP 47. */
  language: z.string().nullable(),
  /** IANA. */
  timezone: z.string().nullable(),
  /** YYYY-MM-DD. */
  birthDate: z.string().nullable(),
  gender: z.enum(['FEMALE', 'MALE', 'OTHER']).nullable(),
  /** ISO 3166-1 alpha-2. */
  country: z.string().length(2).nullable(),
  tags: z.array(z.string()),
});

export const customerCreated = defineEvent({
  ...ofOne,
  type: 'customer.created',
  version: 1,
  description: 'A store has a new customer. The addresses and contact points follow as events of their own.',
  payload: z.object({ ...ofCustomer, number: z.int().positive(), status }),
  personal: profile,
});

export const customerUpdated = defineEvent({
  ...ofOne,
  type: 'customer.updated',
  version: 1,
  description:
    'The profile of a customer has changed. Names the fields that did, and carries the whole profile as it now is; the note and the metadata stay where they are.',
  payload: z.object({ ...ofCustomer, changed: z.array(z.enum([...profile.keyof().options, 'note', 'metadata'])).min(1) }),
  personal: profile,
});

export const customerStatusChanged = defineEvent({
  ...ofOne,
  type: 'customer.statusChanged',
  version: 1,
  description: 'A customer has been disabled, or enabled again.',
  payload: z.object({ ...ofCustomer, from: status, to: status }),
});
