import type { IdentityKind } from '@storegraph/auth';
import { multiline, optional, text } from '@storegraph/subgraph';
import { z } from 'zod';
import type { Channel } from '../contact-point/contact-point.ts';

const consentChannels = ['EMAIL', 'SMS', 'WHATSAPP', 'PHONE'] as const;
type ConsentChannel = (typeof consentChannels)[number];

/** On which of a customer's contact points a consent's channel writes. */
const writesTo: Readonly<Record<ConsentChannel, readonly Channel[]>> = {
  EMAIL: ['EMAIL'],
  SMS: ['PHONE'],
  PHONE: ['PHONE'],
  WHATSAPP: ['WHATSAPP', 'PHONE'],
};

/** The address on the first of the contact points' channels that has one. */
export const addressOn = (channel: ConsentChannel, find: (on: Channel) => string | undefined): string | undefined =>
  writesTo[channel].map(find).find((address) => address !== undefined);

/** The consents of an input: what a person has agreed to, or taken back, in one go. */
export const consentsInput = z
  .array(
    z.object({
      channel: z.enum(consentChannels),
      purpose: z.enum(['MARKETING', 'TRANSACTIONAL']),
      given: z.boolean(),
      address: optional(text(254)),
      evidence: z.object({ wording: optional(multiline(2_000)), url: optional(text(2_000)), collectedAt: z.date().nullish() }).nullish(),
    }),
  )
  .max(20)
  .nullish();

export type GivenConsent = NonNullable<z.output<typeof consentsInput>>[number];

export interface Consent extends Omit<GivenConsent, 'address'> {
  readonly address: string;
}

export type ConsentCode = 'INVALID' | 'REQUIRED';

/** Who says so, by who asks. */
export const consentSources: Readonly<Partial<Record<IdentityKind, 'STOREFRONT' | 'STAFF' | 'API'>>> = {
  CUSTOMER: 'STOREFRONT',
  ANONYMOUS: 'STOREFRONT',
  API_KEY: 'API',
};
