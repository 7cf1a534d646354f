export { importCustomers, type ImportedCustomer, type ImportedCustomers } from './customer/import.ts';
export { customers } from './subgraph.ts';
