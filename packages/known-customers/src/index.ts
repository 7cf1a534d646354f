export { defineKnownCustomers, type KnownCustomers } from './define.ts';
export type { Count, Domain, Move, Treatment } from './domain.ts';
export { noSuchCustomer, untilCustomerKnown } from './known.ts';
export { moveAll } from './move.ts';
export { customerTables } from './sequence.ts';
export { knownCustomerTables, type KnownCustomerTables } from './tables.ts';
