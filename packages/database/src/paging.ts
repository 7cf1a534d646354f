import { fail, ok, type Refusal, type Result } from '@storegraph/core';
import { and, getTableColumns, or, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { decodeCursor, driverValue, encodeCursor, type CursorValue } from './cursor.ts';

/** The arguments of a Relay connection field. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** Called by GraphQL only when the field is asked for. */
  readonly totalCount: () => Promise<number>;
}

export interface SortKey {
  readonly column: PgColumn;
  readonly descending: boolean;
}

export const ascending = (column: PgColumn): SortKey => ({ column, descending: false });
export const descending = (column: PgColumn): SortKey => ({ column, descending: true });

/** The parts of a query for one page: put `where` with the other conditions, and take `orderBy` and `limit` as they are. */
export interface Keyset<Row> {
  readonly where: SQL | undefined;
  readonly orderBy: SQL[];
  readonly limit: number;
  /** Makes the connection of what the query gave. `rowOf` finds the sorted table's row where a node is something else. */
  connection<Node extends Row>(rows: readonly Node[], count: () => Promise<number>): Connection<Node>;
  connection<Node>(rows: readonly Node[], count: () => Promise<number>, rowOf: (node: Node) => Row): Connection<Node>;
}

interface SortedTable<Row> {
  readonly table: PgTable & { readonly $inferSelect: Row };
  readonly sort: readonly SortKey[];
  /** Makes the order total: unique among the rows that the query's other conditions leave. */
  readonly id: PgColumn;
}

/**
 * A page of a sorted table by the values of its last row, so that rows that come or go meanwhile neither repeat nor hide others.
 * Refuses with BAD_PAGE what is out of bounds, and a cursor of another list or order.
 */
export function keyset<Row>(
  { first, after, last, before }: PageArguments,
  { table, sort, id }: SortedTable<Row>,
  { max = 100, default: size = 25 }: { readonly max?: number; readonly default?: number } = {},
): Result<Keyset<Row>, 'BAD_PAGE'> {
  const backward = typeof last === 'number' || typeof before === 'string';
  if (backward && (typeof first === 'number' || typeof after === 'string'))
    return bad('Page either by first and after or by last and before.', 'first');
  const asked = (backward ? last : first) ?? size;
  if (!Number.isInteger(asked) || asked < 0 || asked > max) return bad(`Ask for 0 to ${max} at a time.`, backward ? 'last' : 'first');

  const keys: SortKey[] = sort.some((key) => key.column === id)
    ? [...sort]
    : [...sort, { column: id, descending: sort.at(-1)?.descending ?? false }];
  const order = keys.map(({ column, descending: down }) => `${column.name}${down ? '-' : '+'}`).join('');
  const columns = keys.map((key) => key.column);
  const cursor = (backward ? before : after) ?? null;
  const from = cursor === null ? null : decodeCursor(order, columns, cursor);
  if (from === undefined) return bad('This cursor does not belong to this list.', backward ? 'before' : 'after');

  const walked = keys.map(({ column, descending: down }) => ({ column, descending: down !== backward }));
  const properties = columns.map((column) => propertyOf(table, column));
  const cursorOf = (row: Row) =>
    encodeCursor(
      order,
      columns.map((column, index) => driverValue(column, valueAt(row, properties[index]))),
    );

  return ok({
    where: from ? beyond(walked, from) : undefined,
    orderBy: walked.map(({ column, descending: down }) => (down ? sql`${column} desc` : sql`${column} asc`)),
    limit: asked + 1,
    connection<Node>(rows: readonly Node[], count: () => Promise<number>, rowOf: (node: Node) => Row = (node) => node as unknown as Row) {
      const taken = rows.slice(0, asked);
      const nodes = backward ? taken.reverse() : taken;
      const more = rows.length > asked;
      const edges = nodes.map((node) => ({ cursor: cursorOf(rowOf(node)), node }));
      return {
        nodes,
        edges,
        pageInfo: {
          hasNextPage: backward ? cursor !== null : more,
          hasPreviousPage: backward ? more : cursor !== null,
          startCursor: edges[0]?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
        },
        totalCount: count,
      };
    },
  });
}

const bad = (message: string, field: string): Refusal<'BAD_PAGE'> => fail('BAD_PAGE', message, [field]);

/** The rows that come behind these values in this order. */
function beyond(keys: readonly SortKey[], values: readonly CursorValue[]): SQL | undefined {
  // Comparing rows as a whole lets an index be entered at the place.
  const [head] = keys;
  if (head && keys.every(({ column, descending: down }) => column.notNull && down === head.descending)) {
    const left = sql.join(
      keys.map(({ column }) => sql`${column}`),
      sql`, `,
    );
    const right = sql.join(
      values.map((value) => sql`${value}`),
      sql`, `,
    );
    return head.descending ? sql`(${left}) < (${right})` : sql`(${left}) > (${right})`;
  }
  return or(
    ...keys.map((key, index) => {
      const equal = keys.slice(0, index).map(({ column }, before) => same(column, values[before] ?? null));
      return and(...equal, behind(key, values[index] ?? null));
    }),
  );
}

const same = (column: PgColumn, value: CursorValue): SQL => (value === null ? sql`${column} is null` : sql`${column} = ${value}`);

// PostgreSQL sorts null as greater than everything.
function behind({ column, descending: down }: SortKey, value: CursorValue): SQL {
  if (value === null) return down ? sql`${column} is not null` : sql`false`;
  if (down) return sql`${column} < ${value}`;
  return column.notNull ? sql`${column} > ${value}` : sql`(${column} > ${value} or ${column} is null)`;
}

function propertyOf(table: PgTable, column: PgColumn): string {
  const [property] = Object.entries(getTableColumns(table)).find(([, known]) => known === column) ?? [];
  if (property === undefined) throw new Error(`${column.name} is no column of the sorted table`);
  return property;
}

const valueAt = (row: unknown, property: string | undefined): unknown =>
  typeof row === 'object' && row !== null && property !== undefined ? Reflect.get(row, property) : undefined;
