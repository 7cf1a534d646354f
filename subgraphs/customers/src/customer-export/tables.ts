import { exportTables } from '@storegraph/exports';
import { customersSchema } from '../schema.ts';

/** Where exports of customers are kept until they expire. */
export const customerExports = exportTables(customersSchema);
