import { instant, tenantTable, typeId } from '@storegraph/database';
import { boolean, text, type PgSchema } from 'drizzle-orm/pg-core';

/** The tables of a domain that names customers. Its migrations make them, as drizzle/orders/0004, 0015 and 0016 do. */
export const knownCustomerTables = <Name extends string>(schema: PgSchema<Name>) => ({
  /** Which customers a store has: all that a domain needs to know in order to refuse another store's customer. */
  knownCustomers: tenantTable(schema, 'known_customers', {
    id: typeId('cus').notNull(),
    /** The customer whose this id is now. */
    mergedIntoId: typeId('cus'),
    erasedAt: instant(),
  }),
  /** Merges that have been followed. */
  knownMerges: tenantTable(schema, 'known_merges', {
    id: typeId('mrg').notNull(),
    undone: boolean().notNull().default(false),
  }),
  /** Rows that a merge has moved, with the customer whose they were at first. */
  customerMoves: tenantTable(
    schema,
    'customer_moves',
    {
      /** The table. */
      relation: text().notNull(),
      rowId: typeId('row').notNull(),
      homeId: typeId('cus').notNull(),
    },
    undefined,
    { key: ['relation', 'rowId'] },
  ),
  /** Erasures that have been answered. */
  customerErasures: tenantTable(schema, 'customer_erasures', { id: typeId('ers').notNull() }),
});

export type KnownCustomerTables = ReturnType<typeof knownCustomerTables<string>>;
