import { toUuid, type Id } from '@storegraph/core';
import { sql, type SQL } from 'drizzle-orm';

/** The ids as one array parameter, so that a statement has the same text for any number of them. */
export const uuids = (ids: readonly Id[]): SQL => sql`${uuidArray(ids)}::uuid[]`;

/** The ids as the text of an array of UUIDs. */
export const uuidArray = (ids: readonly Id[]): string => `{${ids.map(toUuid).join(',')}}`;

/** Whole numbers as one array parameter. */
export const integers = (numbers: readonly number[]): SQL => sql`${`{${numbers.join(',')}}`}::integer[]`;

/** Texts as one array parameter. */
export const texts = (list: readonly string[]): SQL =>
  sql`${`{${list.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`}::text[]`;

/** Amounts as one array parameter. */
export const bigints = (amounts: readonly bigint[]): SQL => sql`${`{${amounts.join(',')}}`}::bigint[]`;
