import { isCountry, isCurrency } from '@storegraph/core';
import { z } from 'zod';

/** A field that may be left out or null; text of nothing but blanks is null too. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? null : value), schema.nullish());

/** The form in which e-mail addresses are stored and compared: one address is one, however it was typed. RFC 5321, 4.5.3.1.3, says how long. */
export const email = z
  .string()
  .transform((address) => address.normalize('NFC').trim().toLowerCase())
  .pipe(
    z
      .string()
      .min(1)
      .max(254)
      .pipe(z.email({ error: 'Must be an e-mail address.' })),
  );

/** ISO 3166-1 alpha-2. */
export const country = z
  .string()
  .trim()
  .min(1, { abort: true })
  .toUpperCase()
  .refine(isCountry, { error: 'Must be an ISO 3166-1 country code, such as GB.' });

/** ISO 4217. */
export const currency = z.string().min(1, { abort: true }).refine(isCurrency, { error: 'Must be an ISO 4217 currency code, such as GBP.' });

/** A language as BCP 47 writes it, in its canonical form. */
export const locale = z
  .string()
  .trim()
  .min(1, { abort: true })
  .max(35)
  .transform((tag, context) => {
    const canonical = canonicalLocale(tag);
    if (canonical !== undefined) return canonical;
    context.issues.push({ code: 'custom', message: 'Must be a BCP 47 language tag, such as en or pt-BR.', input: tag });
    return z.NEVER;
  });

/** A time zone by its IANA name. */
export const timezone = z
  .string()
  .trim()
  .min(1, { abort: true })
  .max(64)
  .refine(isTimezone, { error: 'Must be an IANA time zone, such as Europe/London.' });

function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

function isTimezone(name: string): boolean {
  // `Intl` takes offsets as well, which know no summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
