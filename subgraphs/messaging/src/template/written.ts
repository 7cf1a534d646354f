import { formatMoney } from '@storegraph/core';
import { z } from 'zod';

/** How a mail writes numbers and times. */
export interface Locale {
  /** A BCP 47 tag. */
  readonly language: string;
  /** An IANA name. */
  readonly timeZone: string;
}

const money = z.object({ amount: z.coerce.bigint(), currency: z.string() });

/** An amount of minor units with its currency: `{ amount: '4995', currency: 'EUR' }` is €49.95, 49,95 €. Empty for what is no amount. */
export function writtenMoney(value: unknown, { language }: Locale): string {
  const parsed = money.safeParse(value);
  return parsed.success ? formatMoney(parsed.data, language) : '';
}

/** A date: 21 November 2026. Empty for what is none. */
export const writtenDay = (value: unknown, { language, timeZone }: Locale): string =>
  written(value, language, { dateStyle: 'long', timeZone });

/** A date with its time: 21 November 2026 at 20:15. Empty for what is none. */
export const writtenMoment = (value: unknown, { language, timeZone }: Locale): string =>
  written(value, language, { dateStyle: 'long', timeStyle: 'short', timeZone });

function written(value: unknown, language: string, format: Intl.DateTimeFormatOptions): string {
  if (typeof value !== 'string' && !(value instanceof Date)) return '';
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? '' : new Intl.DateTimeFormat(language, format).format(at);
}
