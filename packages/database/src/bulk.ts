import { setImmediate } from 'node:timers/promises';
import { getTableColumns, sql, type InferInsertModel, type SQL } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Tx } from './transaction.ts';

export interface InsertRowsOptions {
  /** What to do with rows that are there already, such as `on conflict do nothing`; rows in conflict fail the insert without it. */
  readonly onConflict?: SQL;
}

/** Enough that a statement's cost is spread, few enough that the server is busy with one while the next is prepared here. */
const rowsPerStatement = 5_000;

/**
 * Inserts many rows, some thousands with each statement: a column travels as one array, or once where all of its values are equal.
 * Every row must have the same properties; columns without one get their default. Gives the number of rows inserted.
 */
export async function insertRows<Table extends PgTable>(
  tx: Tx,
  table: Table,
  rows: Iterable<InferInsertModel<Table>>,
  { onConflict }: InsertRowsOptions = {},
): Promise<number> {
  let inserted = 0;
  let running: Promise<{ count: number }> | undefined;
  for (const chunk of chunksOf(rows)) {
    const columns = columnsOf(table, chunk);
    const listed = columns.filter(({ texts }) => !isConstant(texts));
    // Where the rows differ in nothing, one column still has to say how many they are.
    if (listed.length === 0) listed.push(...columns.slice(0, 1));
    const names = sql.join(
      columns.map(({ name }) => name),
      sql`, `,
    );
    const values = columns.map((column) =>
      listed.includes(column) ? sql`listed.${column.name}` : castTo(column.texts[0] ?? null, column.type),
    );
    const arrays = listed.map(({ texts, type }) => castTo(arrayText(texts), sql`${type}[]`));
    const list = sql.join(
      listed.map(({ name }) => name),
      sql`, `,
    );
    const statement = sql`
      insert into ${table} (${names}) select ${sql.join(values, sql`, `)}
      from unnest(${sql.join(arrays, sql`, `)}) as listed (${list}) ${onConflict}`;
    inserted += (await running)?.count ?? 0;
    running = tx.execute(statement).execute();
    // Awaited when the next one is ready; until then a failure must not count as unhandled.
    running.catch(() => undefined);
    // Lets the statement go out, and everything else in this process have its turn.
    await setImmediate();
  }
  return inserted + ((await running)?.count ?? 0);
}

function* chunksOf<Row>(rows: Iterable<Row>): Generator<Row[], void> {
  let chunk: Row[] = [];
  for (const row of rows) {
    if (chunk.push(row) < rowsPerStatement) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

interface Column {
  readonly name: SQL;
  readonly type: SQL;
  /** Its value in each row, as PostgreSQL writes it. */
  readonly texts: readonly (string | null)[];
}

function columnsOf(table: PgTable, rows: readonly object[]): Column[] {
  return Object.entries<PgColumn>(getTableColumns(table))
    .filter(([property]) => property in (rows[0] ?? {}))
    .map(([property, column]) => ({
      name: sql`${sql.identifier(column.keyAsName ? toSnakeCase(column.name) : column.name)}`,
      type: sql.raw(column.getSQLType()),
      texts: textsOf(column, property, rows),
    }));
}

function textsOf(column: PgColumn, property: string, rows: readonly object[]): (string | null)[] {
  let last: { value: unknown; text: string | null } | undefined;
  return rows.map((row) => {
    const value: unknown = Reflect.get(row, property);
    // Neighbours often share a value (the lines of one order its id), and to write an id is the dearest part.
    if (last?.value !== value || last === undefined) {
      last = { value, text: value === null || value === undefined ? null : String(column.mapToDriverValue(value)) };
    }
    return last.text;
  });
}

const isConstant = (texts: readonly (string | null)[]) => texts.every((text) => text === texts[0]);

const castTo = (text: string | null, type: SQL): SQL => sql`cast(${text}::text as ${type})`;

/** https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO */
const arrayText = (texts: readonly (string | null)[]): string =>
  `{${texts.map((text) => (text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
