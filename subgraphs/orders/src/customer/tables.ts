import { tenantTable, typeId } from '@storegraph/database';
import { ordersSchema } from '../schema.ts';

/** Which customers a store has: all that this domain needs to know in order to refuse another store's customer. */
export const knownCustomers = tenantTable(ordersSchema, 'known_customers', { id: typeId('cus').notNull() });
