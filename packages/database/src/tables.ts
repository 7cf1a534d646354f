import type { IdentityKind } from '@storegraph/auth';
import { getTableName, type BuildColumns, type BuildExtraConfigColumns } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import {
  getTableConfig,
  pgSchema,
  primaryKey,
  type AnyPgColumn,
  type ExtraConfigColumn,
  type PgColumnBuilderBase,
  type PgPolicy,
  type PgSchema,
  type PgTable,
  type PgTableExtraConfigValue,
  type PgTableWithColumns,
} from 'drizzle-orm/pg-core';
import { typeId } from './columns.ts';
import { customerOwn, platformRead, platformWrite, storeIsolation, userOwn } from './policies.ts';

export type TableClass = 'tenant' | 'user' | 'platform';

export interface TableInfo {
  readonly table: PgTable;
  readonly schema: string;
  readonly name: string;
  readonly class: TableClass;
  readonly policies: readonly PgPolicy[];
}

type Columns = Record<string, PgColumnBuilderBase>;
type TableOf<Schema extends string, Name extends string, C extends Columns> = PgTableWithColumns<{
  name: Name;
  schema: Schema;
  columns: BuildColumns<Name, C, 'pg'>;
  dialect: 'pg';
}>;
type Extra<Name extends string, C extends Columns> = (table: BuildExtraConfigColumns<Name, C, 'pg'>) => PgTableExtraConfigValue[];

const storeColumn = () => ({ storeId: typeId('sto').notNull() });
type WithStore<C extends Columns> = ReturnType<typeof storeColumn> & C;

/** What every tenant table has: `own` and `owned` take nothing else. */
export type TenantTable = PgTable & { readonly storeId: AnyPgColumn<{ data: `sto_${string}`; notNull: true }> };

const registry = new Map<PgTable, TableClass>();

export const domainSchema = <Name extends string>(name: Name): PgSchema<Name> => pgSchema(name);

/**
 * A table whose every row belongs to one store. Adds `storeId`, the primary key (store_id, id), and the policy that admits
 * those who work in the store; with `customer` also the policy that lets a customer read the rows which that column gives to them.
 */
export function tenantTable<Schema extends string, Name extends string, C extends Columns>(
  schema: PgSchema<Schema>,
  name: Name,
  columns: C,
  extra?: Extra<Name, WithStore<C>>,
  options: { readonly customer?: keyof C & string; readonly key?: readonly (keyof C & string)[] } = {},
): TableOf<Schema, Name, WithStore<C>> {
  const all: WithStore<C> = { ...storeColumn(), ...columns };
  const { customer, key = ['id'] } = options;
  return declare(
    'tenant',
    schema.table(name, all, (table) => {
      const column = (property: string) => columnOf(table, property);
      return [
        primaryKey({ columns: [column('storeId'), ...key.map(column)] }),
        storeIsolation(),
        ...(customer ? [customerOwn(sqlName(column(customer)))] : []),
        ...(extra?.(table) ?? []),
      ];
    }),
  );
}

/** Rows of a person, across stores: `userId` is compared with the transaction's user. */
export function userTable<Schema extends string, Name extends string, C extends Columns & { userId: PgColumnBuilderBase }>(
  schema: PgSchema<Schema>,
  name: Name,
  columns: C,
  extra?: Extra<Name, C>,
): TableOf<Schema, Name, C> {
  return declare(
    'user',
    schema.table(name, columns, (table) => [userOwn(), ...(extra?.(table) ?? [])]),
  );
}

/** Rows of no store, written by PLATFORM and SYSTEM, and readable by the kinds listed. */
export function platformTable<Schema extends string, Name extends string, C extends Columns>(
  schema: PgSchema<Schema>,
  name: Name,
  columns: C,
  extra: Extra<Name, C> | undefined,
  options: { readonly readers: readonly IdentityKind[] },
): TableOf<Schema, Name, C> {
  return declare(
    'platform',
    schema.table(name, columns, (table) => [
      platformWrite(),
      ...(options.readers.length > 0 ? [platformRead(options.readers)] : []),
      ...(extra?.(table) ?? []),
    ]),
  );
}

export function tableClass(table: PgTable): TableClass {
  const declared = registry.get(table);
  if (!declared) throw new Error(`${getTableName(table)} is declared neither as a tenant, a user nor a platform table`);
  return declared;
}

/** Every table that has been declared so far, so that a test can compare declarations with the database. */
export const declaredTables = (): readonly TableInfo[] =>
  [...registry].map(([table, kind]) => {
    const { schema = 'public', name, policies } = getTableConfig(table);
    return { table, schema, name, class: kind, policies };
  });

function declare<T extends PgTable>(kind: TableClass, table: T): T {
  registry.set(table, kind);
  return table;
}

function columnOf(table: Record<string, ExtraConfigColumn>, property: string): ExtraConfigColumn {
  const column = table[property];
  if (!column) throw new Error(`No column ${property}`);
  return column;
}

const sqlName = (column: ExtraConfigColumn): string => (column.keyAsName ? toSnakeCase(column.name) : column.name);
