import { countryCodes, isCountry } from '@storegraph/core';

/** Names that are not the English ones of CLDR. */
const alsoKnownAs: Readonly<Record<string, string>> = {
  eire: 'IE',
  usa: 'US',
  uk: 'GB',
  rsa: 'ZA',
  uae: 'AE',
  'czech republic': 'CZ',
  'hong kong': 'HK',
};

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const codes = new Map([...countryCodes].map((code) => [names.of(code)?.toLowerCase(), code]));

/** The ISO 3166-1 code of a country's English name or of the code itself; null for what has none, such as "Unspecified". */
export function countryCode(name: string | null): string | null {
  if (name === null) return null;
  const text = name.trim().toLowerCase();
  return alsoKnownAs[text] ?? codes.get(text) ?? (isCountry(text.toUpperCase()) ? text.toUpperCase() : null);
}
