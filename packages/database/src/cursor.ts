import type { PgColumn } from 'drizzle-orm/pg-core';

/** A sort key's value as the database takes it. */
export type CursorValue = string | number | boolean | null;

/** An opaque place in a list: the sort keys of a row, and the order they belong to. */
export function encodeCursor(order: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([order, ...values])).toString('base64url');
}

/** Gives undefined for what was not made by `encodeCursor` for this order, or could not be compared with these columns. */
export function decodeCursor(order: string, columns: readonly PgColumn[], cursor: string): CursorValue[] | undefined {
  const [given, ...values] = parse(Buffer.from(cursor, 'base64url').toString());
  if (given !== order || values.length !== columns.length) return undefined;
  const known = values.filter((value, index): value is CursorValue => isComparable(columns[index], value));
  return known.length === values.length ? known : undefined;
}

export function driverValue(column: PgColumn, value: unknown): CursorValue {
  if (value === null || value === undefined) return null;
  const driven: unknown = column.mapToDriverValue(value);
  if (typeof driven === 'string' || typeof driven === 'number' || typeof driven === 'boolean') return driven;
  return driven instanceof Date ? driven.toISOString() : String(driven);
}

function parse(text: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const bounds: Readonly<Record<string, bigint>> = { smallint: 2n ** 15n, integer: 2n ** 31n, bigint: 2n ** 63n };

// A forged value must not reach the database as a failing statement.
function isComparable(column: PgColumn | undefined, value: unknown): boolean {
  if (!column) return false;
  if (value === null) return !column.notNull;
  const type = column.getSQLType();
  if (type === 'boolean') return typeof value === 'boolean';
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const text = String(value);
  const bound = bounds[type];
  if (bound !== undefined) return /^-?\d{1,19}$/.test(text) && BigInt(text) < bound && BigInt(text) >= -bound;
  if (type === 'uuid') return uuid.test(text);
  if (type === 'date') return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  if (type.startsWith('timestamp')) return /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/.test(text) && !Number.isNaN(Date.parse(text));
  return (type === 'text' || type.startsWith('varchar')) && !text.includes('\0');
}
