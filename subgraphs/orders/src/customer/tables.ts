import { knownCustomerTables } from '@storegraph/known-customers';
import { ordersSchema } from '../schema.ts';

export const known = knownCustomerTables(ordersSchema);
