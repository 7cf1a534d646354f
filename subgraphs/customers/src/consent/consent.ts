import type { IdentityKind } from '@storegraph/auth';
import { ok, refuse, type CustomerId, type Problem, type Result } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { customerConsentRecorded, emit } from '@storegraph/events';
import { multiline, optional, text, type Context } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { contactAddress, type Channel } from '../contact-point/contact-point.ts';
import { contactPoints } from '../contact-point/tables.ts';
import type { CustomerRow } from '../customer/tables.ts';
import { storeCountry } from '../store/numbers.ts';

const consentChannels = ['EMAIL', 'SMS', 'WHATSAPP', 'PHONE'] as const;
type ConsentChannel = (typeof consentChannels)[number];

/** On which of a customer's contact points a consent's channel writes. */
const writesTo: Readonly<Record<ConsentChannel, readonly Channel[]>> = {
  EMAIL: ['EMAIL'],
  SMS: ['PHONE'],
  PHONE: ['PHONE'],
  WHATSAPP: ['WHATSAPP', 'PHONE'],
};

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

type Given = NonNullable<z.output<typeof consentsInput>>[number];

interface Consent extends Omit<Given, 'address'> {
  readonly address: string;
}

export type ConsentCode = 'INVALID' | 'REQUIRED';

/**
 * The consents with the address that each is about: the one that was named, in its normal form, or else the customer's primary one of the
 * channel. Refused where there is neither.
 */
export async function readConsents(
  tx: Tx,
  customer: Pick<CustomerRow, 'id' | 'country'>,
  given: readonly Given[] | null | undefined,
): Promise<Result<readonly Consent[], ConsentCode>> {
  if (!given || given.length === 0) return ok([]);
  const country = customer.country ?? (await storeCountry(tx));
  const primary = await tx
    .select({ channel: contactPoints.channel, address: contactPoints.address })
    .from(contactPoints)
    .where(own(tx, contactPoints, and(eq(contactPoints.customerId, customer.id), contactPoints.isPrimary)));
  const consents: Consent[] = [];
  const problems: Problem<ConsentCode>[] = [];
  for (const [index, { address: named, ...consent }] of given.entries()) {
    const channels = writesTo[consent.channel];
    const address = named
      ? channels.map((channel) => contactAddress(channel, named, { country })?.address).find(Boolean)
      : channels.map((channel) => primary.find((point) => point.channel === channel)?.address).find(Boolean);
    if (address !== undefined) consents.push({ ...consent, address });
    else
      problems.push({
        code: named ? 'INVALID' : 'REQUIRED',
        message: named ? 'Must be an address of the channel.' : 'The customer has no address on this channel: name one.',
        field: ['consents', String(index), 'address'],
      });
  }
  return problems.length > 0 ? refuse(problems) : ok(consents);
}

const sources: Readonly<Partial<Record<IdentityKind, 'STOREFRONT' | 'STAFF' | 'API'>>> = {
  CUSTOMER: 'STOREFRONT',
  ANONYMOUS: 'STOREFRONT',
  API_KEY: 'API',
};

/** Hands the consents on, each as an event with its evidence. Where the person said it themselves, the request is evidence too. */
export async function recordConsents(
  { identity, ip, userAgent, clock }: Context,
  tx: Tx,
  customerId: CustomerId,
  consents: readonly Consent[],
): Promise<void> {
  const source = sources[identity.kind] ?? 'STAFF';
  const itself = source === 'STOREFRONT';
  const events = consents.map(({ channel, purpose, given, address, evidence }) =>
    customerConsentRecorded(
      { customerId, channel, purpose, given, source, at: evidence?.collectedAt ?? clock.now() },
      {
        personal: {
          address,
          wording: evidence?.wording ?? null,
          url: evidence?.url ?? null,
          ip: itself ? ip : null,
          userAgent: itself ? (userAgent?.slice(0, 500) ?? null) : null,
        },
      },
    ),
  );
  if (events.length > 0) await emit(tx, ...events);
}
