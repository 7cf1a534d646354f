import { country, currency, locale, text, timezone } from '@storegraph/subgraph';
import { z } from 'zod';

const maxNameLength = 100;

/** What stands in addresses: lower-case letters, digits and inner hyphens. */
const slug = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/, { error: 'Must be 3 to 40 lower-case letters, digits and inner hyphens.' });

/** A host name of at least two labels (RFC 1123, 2.1), in lower case. */
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/, {
    error: 'Must be a host name, such as shop.example.com.',
  });

export const newStore = z.object({
  slug,
  name: text(maxNameLength),
  currency,
  country: country.nullish(),
  timezone: timezone.nullish(),
  defaultLanguage: locale.nullish(),
});

/** Absent stays as it is; null clears what may be empty. */
export const storeChange = z.object({
  name: text(maxNameLength).optional(),
  domain: domain.nullish(),
  country: country.nullish(),
  timezone: timezone.optional(),
  defaultLanguage: locale.optional(),
});
