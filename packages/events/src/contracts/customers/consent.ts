import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { ofCustomer, ofOne } from './parts.ts';

export const customerConsentRecorded = defineEvent({
  ...ofOne,
  type: 'customer.consentRecorded',
  version: 1,
  description:
    'A customer has agreed to be written to on a channel for a purpose, or has taken that back. Carries the evidence; whoever keeps the ledger of consents writes it down.',
  payload: z.object({
    ...ofCustomer,
    channel: z.enum(['EMAIL', 'SMS', 'WHATSAPP', 'PHONE']),
    purpose: z.enum(['MARKETING', 'TRANSACTIONAL']),
    given: z.boolean(),
    source: z.enum(['STOREFRONT', 'STAFF', 'IMPORT', 'API']),
    at: z.date(),
  }),
  /** `address` is normalised, as a contact point's. `wording` is what the person was shown. */
  personal: z.object({
    address: z.string(),
    wording: z.string().nullable(),
    url: z.string().nullable(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
  }),
});
