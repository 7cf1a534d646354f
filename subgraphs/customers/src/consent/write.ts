import { ok, refuse, type CustomerId, type Problem, type Result } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { customerConsentRecorded, emit } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { contactAddress } from '../contact-point/contact-point.ts';
import { contactPoints } from '../contact-point/tables.ts';
import type { CustomerRow } from '../customer/tables.ts';
import { storeCountry } from '../store/numbers.ts';
import { addressOn, consentSources, type Consent, type ConsentCode, type GivenConsent } from './consent.ts';

/**
 * The consents with the address that each is about: the one that was named, in its normal form, or else the customer's primary one of the
 * channel. Refused where there is neither.
 */
export async function readConsents(
  tx: Tx,
  customer: Pick<CustomerRow, 'id' | 'country'>,
  given: readonly GivenConsent[] | null | undefined,
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
    const address = addressOn(consent.channel, (channel) =>
      named ? contactAddress(channel, named, { country })?.address : primary.find((point) => point.channel === channel)?.address,
    );
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

/** The request in which consents are given. */
export type ConsentGiver = Pick<Context, 'identity' | 'ip' | 'userAgent' | 'clock'>;

/** Hands the consents on, each as an event with its evidence. Where the person said it themselves, the request is evidence too. */
export async function recordConsents(
  { identity, ip, userAgent, clock }: ConsentGiver,
  tx: Tx,
  customerId: CustomerId,
  consents: readonly Consent[],
): Promise<void> {
  const source = consentSources[identity.kind] ?? 'STAFF';
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
