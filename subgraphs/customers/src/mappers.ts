import type { Connection } from '@storegraph/database';
import type { CustomerRow } from './customer/tables.ts';
import type { TagUse } from './tag/queries.ts';

export type { AddressRow as Address } from './address/tables.ts';
export type { ContactPointRow as ContactPoint } from './contact-point/tables.ts';
export type Customer = CustomerRow;
export type CustomerConnection = Connection<CustomerRow>;
export type CustomerTagConnection = Connection<TagUse>;
