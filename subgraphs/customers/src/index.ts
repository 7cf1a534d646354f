export { importCustomers, type ImportedCustomer, type ImportedCustomers } from './customer/import.ts';
export { searchTerms, type SearchTerms } from './customer/search.ts';
export { customers } from './subgraph.ts';
