export { importOrders, type ImportedOrder } from './import/import-orders.ts';
export { importRefunds, type ImportedRefund } from './import/import-refunds.ts';
export type { Imported, ImportedLine } from './import/batch.ts';
export { orders } from './subgraph.ts';
