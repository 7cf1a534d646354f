import { decodeJson, encodeJson, ok, refuse, type Problem, type Result } from '@storegraph/core';
import { contactAddress } from '../contact-point/contact-point.ts';
import { addressOn, type Consent, type ConsentCode, type GivenConsent } from './consent.ts';

/** What somebody agreed to who is no customer yet, and how they were seen to say so. */
export interface SignUpConsents {
  readonly consents: readonly Consent[];
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly at: Date;
}

/** The consents of a sign-up: by e-mail about its own address, on every other channel about the one that is named. */
export function consentsOfSignUp(
  given: readonly GivenConsent[] | null | undefined,
  email: string,
): Result<readonly Consent[], ConsentCode> {
  const consents: Consent[] = [];
  const problems: Problem<ConsentCode>[] = [];
  for (const [index, { address: named, ...consent }] of (given ?? []).entries()) {
    const address = named
      ? addressOn(consent.channel, (channel) => contactAddress(channel, named)?.address)
      : consent.channel === 'EMAIL'
        ? email
        : undefined;
    const foreign = consent.channel === 'EMAIL' && address !== undefined && address !== email;
    if (address !== undefined && !foreign) consents.push({ ...consent, address });
    else
      problems.push({
        code: named ? 'INVALID' : 'REQUIRED',
        message: foreign
          ? 'Must be the address that signs up.'
          : named
            ? 'Must be an address of the channel, in international form.'
            : 'Name the address.',
        field: ['consents', String(index), 'address'],
      });
  }
  return problems.length > 0 ? refuse(problems) : ok(consents);
}

export const keptConsents = (given: SignUpConsents): string | null => (given.consents.length > 0 ? encodeJson(given) : null);

export const consentsKept = (kept: string | null): SignUpConsents | null => (kept === null ? null : (decodeJson(kept) as SignUpConsents));
