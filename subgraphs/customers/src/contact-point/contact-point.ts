import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

export const channels = ['EMAIL', 'PHONE', 'WHATSAPP', 'EXTERNAL'] as const;
export type Channel = (typeof channels)[number];

/** How many contact points a customer may have: the list is given whole. */
export const mostContactPoints = 50;

/** An address on a channel, in the one form in which equal addresses are equal texts. */
export interface ContactAddress {
  readonly channel: Channel;
  readonly source: string;
  readonly address: string;
  readonly display: string;
  readonly searchKey: string;
}

export interface Hints {
  /** ISO 3166-1 alpha-2: where a phone number without a country is dialled. */
  readonly country?: string | null;
  /** The system that an EXTERNAL id belongs to. */
  readonly source?: string | null;
}

/** Normalises an address that a person or a program gave. Gives undefined for what can not be an address of the channel. */
export function contactAddress(channel: Channel, given: string, { country = null, source = null }: Hints = {}): ContactAddress | undefined {
  const display = given.normalize('NFC').trim();
  const address = normalised[channel](display, country);
  if (address === undefined) return undefined;
  return { channel, source: channel === 'EXTERNAL' ? (source ?? '') : '', address, display, searchKey: address.toLowerCase() };
}

const normalised: Readonly<Record<Channel, (text: string, country: string | null) => string | undefined>> = {
  EMAIL: email,
  PHONE: phone,
  WHATSAPP: whatsapp,
  EXTERNAL: external,
};

const label = '[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?';
const emailForm = new RegExp(`^[^\\s\\p{Cc}@"(),:;<>\\[\\\\\\]]{1,64}@(?:${label}\\.)+${label}$`, 'u');

/** Lower case: no provider of note tells `Anna@` from `anna@` (RFC 5321 §2.4 allows it, and discourages it). */
function email(text: string): string | undefined {
  const lower = text.normalize('NFC').toLowerCase().normalize('NFC');
  return lower.length <= 254 && emailForm.test(lower) ? lower : undefined;
}

/**
 * E.164. A number counts when its length is right for its country: ranges are opened faster than their lists are brought up to date,
 * and a number that was refused can reach nobody.
 */
export function phone(text: string, country: string | null): string | undefined {
  if (text.length > 64 || /\p{L}/u.test(text)) return undefined;
  const known = country !== null && isSupportedCountry(country) ? country : undefined;
  const parsed = parsePhoneNumberFromString(text, { extract: false, ...(known ? { defaultCountry: known } : {}) });
  return parsed?.isPossible() ? parsed.number : undefined;
}

/**
 * WhatsApp names people by their number without a plus, or by an id of the business's own when they hide it
 * (https://developers.facebook.com/docs/whatsapp, business-scoped user ids).
 */
function whatsapp(text: string, country: string | null): string | undefined {
  if (/^[+\d][\d\s().\/-]*$/.test(text)) return phone(text, country) ?? phone(`+${text}`, null);
  return /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(text) ? text : undefined;
}

function external(text: string): string | undefined {
  return text !== '' && text.length <= 200 && /^[^\p{Cc}]+$/u.test(text) && text.isWellFormed() ? text : undefined;
}
