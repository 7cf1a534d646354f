import { z } from 'zod';
import { defineEvent } from '../contract.ts';
import { idOf } from '../schemas.ts';

const ofCustomer = { customerId: idOf('cus') };
const customer = (payload: { customerId: `cus_${string}` }) => payload.customerId;
/** Every event is about one customer: those of one come one after another, and what is personal in them is that customer's. */
const ofOne = { producer: 'customers', aggregate: customer, subject: customer } as const;

const status = z.enum(['ACTIVE', 'DISABLED']);
const channel = z.enum(['EMAIL', 'PHONE', 'WHATSAPP', 'EXTERNAL']);

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
  description: 'The profile of a customer has changed. Names the fields that did, and carries the whole profile as it now is.',
  payload: z.object({ ...ofCustomer, changed: z.array(profile.keyof()).min(1) }),
  personal: profile,
});

export const customerStatusChanged = defineEvent({
  ...ofOne,
  type: 'customer.statusChanged',
  version: 1,
  description: 'A customer has been disabled, or enabled again.',
  payload: z.object({ ...ofCustomer, from: status, to: status }),
});

const ofAddress = {
  ...ofCustomer,
  addressId: idOf('adr'),
  country: z.string().length(2),
  defaultBilling: z.boolean(),
  defaultShipping: z.boolean(),
};

const address = z.object({
  label: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  company: z.string().nullable(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  postalCode: z.string().nullable(),
  /** E.164. */
  phone: z.string().nullable(),
});

export const customerAddressAdded = defineEvent({
  ...ofOne,
  type: 'customer.addressAdded',
  version: 1,
  description: 'A customer has another address. Where it is a default, the address that was it before is so no more.',
  payload: z.object(ofAddress),
  personal: address,
});

export const customerAddressUpdated = defineEvent({
  ...ofOne,
  type: 'customer.addressUpdated',
  version: 1,
  description: 'An address of a customer has changed. Carries it as it now is.',
  payload: z.object(ofAddress),
  personal: address,
});

export const customerAddressRemoved = defineEvent({
  ...ofOne,
  type: 'customer.addressRemoved',
  version: 1,
  description: 'A customer has an address no more.',
  payload: z.object({ ...ofCustomer, addressId: idOf('adr') }),
});

const ofContactPoint = { ...ofCustomer, contactPointId: idOf('cpt'), channel };

export const customerContactPointAdded = defineEvent({
  ...ofOne,
  type: 'customer.contactPointAdded',
  version: 1,
  description: 'A customer can be reached, or found, by another address. Where it is primary, it is the one to use on its channel.',
  payload: z.object({ ...ofContactPoint, primary: z.boolean(), verified: z.boolean() }),
  /** `address` is normalised: e-mail in lower case, phone in E.164. `source` names the system of an EXTERNAL id, '' for none. */
  personal: z.object({ source: z.string(), address: z.string(), display: z.string() }),
});

export const customerContactPointVerified = defineEvent({
  ...ofOne,
  type: 'customer.contactPointVerified',
  version: 1,
  description: 'It has been shown that a contact point belongs to its customer.',
  payload: z.object({ ...ofContactPoint, verifiedAt: z.date() }),
});

export const customerContactPointPrimaryChanged = defineEvent({
  ...ofOne,
  type: 'customer.contactPointPrimaryChanged',
  version: 1,
  description: 'Another contact point of a customer is the one to use on its channel.',
  payload: z.object(ofContactPoint),
});

export const customerContactPointRemoved = defineEvent({
  ...ofOne,
  type: 'customer.contactPointRemoved',
  version: 1,
  description: 'A contact point no longer belongs to a customer. Somebody else may have the address next.',
  payload: z.object(ofContactPoint),
});
