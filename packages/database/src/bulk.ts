import { setImmediate } from 'node:timers/promises';
import { getTableColumns, Param, sql, SQL, StringChunk, type InferInsertModel, type InferSelectModel, type SQLChunk } from 'drizzle-orm';
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
    const statement = insertion(table, chunk, { onConflict });
    inserted += (await running)?.count ?? 0;
    running = tx.execute(statement).execute();
    // Awaited when the next one is ready; until then a failure must not count as unhandled.
    running.catch(() => undefined);
    // Lets the statement go out, and everything else in this process have its turn.
    await setImmediate();
  }
  return inserted + ((await running)?.count ?? 0);
}

/** The statement by which `insertRows` inserts some rows, at least one. */
export function insertion<Table extends PgTable>(
  table: Table,
  rows: readonly InferInsertModel<Table>[],
  { onConflict }: InsertRowsOptions = {},
): SQL {
  const columns = columnsOf(table, rows);
  const listed = columns.filter(({ texts }) => !isConstant(texts));
  // Where the rows differ in nothing, one column still has to say how many they are.
  if (listed.length === 0) listed.push(...columns.slice(0, 1));
  const chunks: SQLChunk[] = [sql`insert into ${table}`, raw(` (${namesOf(columns)}) select `)];
  columns.forEach((column, index) => {
    if (index > 0) chunks.push(raw(', '));
    if (listed.includes(column)) chunks.push(raw(`listed.${column.name}`));
    else chunks.push(...castTo(column.texts[0] ?? null, column.type));
  });
  chunks.push(raw(' from unnest('));
  listed.forEach(({ texts, type }, index) => {
    if (index > 0) chunks.push(raw(', '));
    chunks.push(...castTo(arrayText(texts), `${type}[]`));
  });
  chunks.push(raw(`) as listed (${namesOf(listed)}) `));
  if (onConflict) chunks.push(onConflict);
  return new SQL(chunks);
}

/** What one row is inserted with: an expression, too, where its value is for the database to find. */
export type InsertedValues<Table extends PgTable> = {
  [Property in keyof InferInsertModel<Table>]: InferInsertModel<Table>[Property] | SQL;
};

export interface InsertRowOptions extends InsertRowsOptions {
  /** Stands before the insert, with what its expressions ask: `with next as (…)`. */
  readonly with?: SQL;
}

/**
 * Inserts one row and gives it as it then is, or undefined where `onConflict` let it be. For wide rows: the statement is made of few parts, and the query
 * builder takes longer for one of 40 columns than the server.
 */
export async function insertRow<Table extends PgTable>(
  tx: Tx,
  table: Table,
  values: InsertedValues<Table>,
  { with: before, onConflict }: InsertRowOptions = {},
): Promise<InferSelectModel<Table> | undefined> {
  const columns = describe(table);
  const given = columns.flatMap((column) => {
    const value: unknown = Reflect.get(values, column.property);
    return value === undefined ? [] : [{ ...column, value }];
  });
  const chunks: SQLChunk[] = before ? [before, raw(' ')] : [];
  chunks.push(sql`insert into ${table}`, raw(` (${namesOf(given)}) values (`));
  given.forEach(({ column, value }, index) => {
    if (index > 0) chunks.push(raw(', '));
    chunks.push(value instanceof SQL ? value : new Param(value, column));
  });
  chunks.push(raw(') '));
  if (onConflict) chunks.push(onConflict);
  chunks.push(raw(` returning ${namesOf(columns)}`));
  const [inserted] = await tx.execute(new SQL(chunks));
  if (!inserted) return undefined;
  const read = columns.map(({ property, column, key }) => {
    const value = inserted[key];
    return [property, value === null ? null : column.mapFromDriverValue(value)];
  });
  return Object.fromEntries(read) as InferSelectModel<Table>;
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

interface Described {
  readonly property: string;
  readonly column: PgColumn;
  /** As a row has it. */
  readonly key: string;
  /** The same, quoted. */
  readonly name: string;
  readonly type: string;
}

interface Column extends Described {
  /** Its value in each row, as PostgreSQL writes it. */
  readonly texts: readonly (string | null)[];
}

const described = new WeakMap<PgTable, readonly Described[]>();

function describe(table: PgTable): readonly Described[] {
  const known = described.get(table);
  if (known) return known;
  const columns = Object.entries<PgColumn>(getTableColumns(table)).map(([property, column]) => {
    const key = column.keyAsName ? toSnakeCase(column.name) : column.name;
    return { property, column, key, name: `"${key}"`, type: column.getSQLType() };
  });
  described.set(table, columns);
  return columns;
}

function columnsOf(table: PgTable, rows: readonly object[]): Column[] {
  const [first = {}] = rows;
  return describe(table)
    .filter(({ property }) => property in first)
    .map((each) => ({ ...each, texts: textsOf(each.column, each.property, rows) }));
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

const namesOf = (columns: readonly Described[]): string => columns.map(({ name }) => name).join(', ');

// Few large chunks: to put many small ones together takes longer than to run the statement.
const raw = (text: string) => new StringChunk(text);
const castTo = (text: string | null, type: string): SQLChunk[] => [raw('cast('), new Param(text), raw(`::text as ${type})`)];

/** https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO */
const arrayText = (texts: readonly (string | null)[]): string =>
  `{${texts.map((text) => (text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
