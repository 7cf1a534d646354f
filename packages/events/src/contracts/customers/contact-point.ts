import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofCustomer, ofOne } from './parts.ts';

const channel = z.enum(['EMAIL', 'PHONE', 'WHATSAPP', 'EXTERNAL']);

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
