import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofCustomer, ofOne } from './parts.ts';

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
