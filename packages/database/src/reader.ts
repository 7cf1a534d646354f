import { is, SQL, type AnyColumn } from 'drizzle-orm';
import { PgColumn } from 'drizzle-orm/pg-core';

/** One column of a result as Drizzle describes it: where its value goes, and what it is selected from. */
export interface SelectedField {
  readonly path: readonly string[];
  readonly field: unknown;
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

/**
 * How rows of these columns are read, found out once and not for each value of each row; undefined where a row is more than flat (the tables of a join).
 * A row comes as the driver's texts, and goes as Drizzle would give it.
 */
export function flatReader<Row>(fields: readonly SelectedField[]): ((values: readonly unknown[]) => Row) | undefined {
  const columns: { readonly name: string; readonly decoder: Decoder }[] = [];
  for (const { path, field } of fields) {
    const [name, ...deeper] = path;
    const decoder = decoderOf(field);
    if (name === undefined || deeper.length > 0 || !decoder) return undefined;
    columns.push({ name, decoder });
  }
  // Copied for each row: an object that grows by one property after the other would leave a store of properties behind every few of them.
  const empty: Readonly<Record<string, unknown>> = Object.fromEntries(columns.map(({ name }) => [name, null]));
  return (values) => {
    const row = { ...empty };
    let index = 0;
    for (const { name, decoder } of columns) {
      const value = values[index];
      index += 1;
      if (value !== null) row[name] = decoder.mapFromDriverValue(value);
    }
    return row as Row;
  };
}

function decoderOf(field: unknown): Decoder | undefined {
  if (is(field, PgColumn)) return field satisfies AnyColumn;
  if (is(field, SQL.Aliased)) return decoderOf(field.sql);
  return is(field, SQL) ? (field as unknown as { readonly decoder: Decoder }).decoder : undefined;
}
