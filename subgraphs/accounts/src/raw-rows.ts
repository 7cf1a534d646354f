import { fromUuid, type Id, type StoreId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import type { SQL } from 'drizzle-orm';

// What look-ups past row-level security give is no table's row: each column is read by what it must be.

export type Row = Record<string, unknown>;

export async function rows(tx: Tx, query: SQL): Promise<readonly Row[]> {
  return tx.execute<Row>(query);
}

export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('A look-up gave no text where it must.');
  return value;
}

export const textOrNull = (value: unknown): string | null => (value === null ? null : textOf(value));
export const idOf = <Prefix extends string>(prefix: Prefix, value: unknown): Id<Prefix> => fromUuid(prefix, textOf(value));
export const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : []);
export const instantOf = (value: unknown): Date => (value instanceof Date ? value : new Date(textOf(value)));
export const instantOrNull = (value: unknown): Date | null => (value === null ? null : instantOf(value));

/** What everybody may know of a store. */
export interface PublicStore {
  readonly id: StoreId;
  readonly slug: string;
  readonly name: string;
  readonly currency: string;
  readonly defaultLanguage: string;
}

/** A store's public columns, as look-ups of something else name them. */
export const publicStoreOf = (row: Row): PublicStore => ({
  id: idOf('sto', row['store_id']),
  slug: textOf(row['store_slug']),
  name: textOf(row['store_name']),
  currency: textOf(row['store_currency']),
  defaultLanguage: textOf(row['store_default_language']),
});
