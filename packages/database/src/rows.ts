import type { StoreId } from '@storegraph/core';
import { and, eq, type SQL } from 'drizzle-orm';
import { DatabaseError } from './errors.ts';
import type { TenantTable } from './tables.ts';
import type { Tx } from './transaction.ts';

/** The condition under which a row is the transaction's store's own, and meets the other conditions. For every query of a tenant table. */
export function own(tx: Tx, table: TenantTable, ...conditions: (SQL | undefined)[]): SQL {
  const isOwn = eq(table.storeId, storeOf(tx));
  return and(isOwn, ...conditions) ?? isOwn;
}

/** The values with the transaction's store, to insert them into a tenant table. */
export const owned = <Values extends object>(tx: Tx, values: Values): Values & { storeId: StoreId } => ({
  ...values,
  storeId: storeOf(tx),
});

/** The store that the transaction is bound to. Throws in one that has none, such as a sweep. */
export function storeOf(tx: Tx): StoreId {
  const { storeId } = tx.scope.identity;
  if (storeId === null) throw new DatabaseError('NO_STORE', 'This transaction is bound to no store');
  return storeId;
}

/** The only row, where there must be exactly one. */
export function one<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined || rows.length !== 1) throw new DatabaseError('NOT_ONE_ROW', `Expected one row, got ${rows.length}`);
  return row;
}

export const first = <Row>(rows: readonly Row[]): Row | undefined => rows[0];
