import { tenantTable } from '@storegraph/database';
import { boolean, integer, text } from 'drizzle-orm/pg-core';
import { customersSchema } from '../schema.ts';

/** What this domain keeps of each store. A store that is not here yet begins with nobody and names no country. */
export const stores = tenantTable(
  customersSchema,
  'stores',
  {
    /** The number that the newest customer has. */
    lastNumber: integer().notNull().default(0),
    /** Where the store is established: a phone number without a country is read as one of this country. */
    country: text(),
    /** Nobody is logged in to a store that does not. */
    trading: boolean().notNull().default(true),
  },
  undefined,
  { key: [] },
);
