import { declaredTables, type Tx } from '@storegraph/database';
import { getTableColumns, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/** A table whose rows name a customer. */
export interface CustomerTable {
  readonly name: string;
  readonly table: PgTable;
  /** Whether its rows are found by an id; those of the others are counters, whose key the customer is a part of. */
  readonly hasId: boolean;
  /** What its rows hang on, and so belong to the customer of. */
  readonly parents: readonly Parent[];
}

export interface Parent {
  readonly table: PgTable;
  /** The column of the row that names the parent's. */
  readonly column: string;
  /** Whether every row has one: then it decides whose the row is. */
  readonly required: boolean;
}

/** Every declared table of the domain that has a `customerId`. */
export const customerTables = (domain: string): Map<string, PgTable> =>
  new Map(
    declaredTables().flatMap(({ schema, name, table }) =>
      schema === domain && 'customerId' in getTableColumns(table) ? [[name, table] as const] : [],
    ),
  );

/**
 * The tables with a customer, each behind those that its rows hang on, as the foreign keys of the database tell. Where several keys are required
 * the first by name decides.
 */
export async function inFollowingSequence(domain: string, tx: Tx): Promise<CustomerTable[]> {
  const tables = customerTables(domain);
  const keys = await tx.execute<{ child: string; parent: string; column: string; required: boolean }>(sql`
    select child.relname as child, parent.relname as parent, own.attname as column, own.attnotnull as required
    from pg_constraint k
    join pg_class child on child.oid = k.conrelid
    join pg_class parent on parent.oid = k.confrelid
    join pg_attribute own on own.attrelid = child.oid and own.attnum = any (k.conkey) and own.attname <> 'store_id'
    where k.contype = 'f' and k.connamespace = ${domain}::regnamespace and k.conrelid <> k.confrelid
    order by k.conname`);
  const parentsOf = (name: string): Parent[] => {
    const all = keys.flatMap(({ child, parent, column, required }) => {
      const table = tables.get(parent);
      return child === name && table ? [{ table, column, required }] : [];
    });
    const decisive = all.find(({ required }) => required);
    return decisive ? [decisive] : all;
  };
  const waiting = [...tables].map(([name, table]) => ({ name, table, hasId: 'id' in getTableColumns(table), parents: parentsOf(name) }));
  const sequence: CustomerTable[] = [];
  while (waiting.length > 0) {
    const ready = waiting.findIndex(({ parents }) => !parents.some((parent) => waiting.some(({ table }) => table === parent.table)));
    if (ready < 0) throw new Error(`Tables of ${domain} hang on each other in a circle.`);
    sequence.push(...waiting.splice(ready, 1));
  }
  return sequence;
}
