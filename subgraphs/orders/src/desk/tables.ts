import { exportTables } from '@storegraph/exports';
import { ordersSchema } from '../schema.ts';

/** Where the desk's exports are kept until they expire. */
export const orderExports = exportTables(ordersSchema);
