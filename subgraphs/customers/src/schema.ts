import { domainSchema } from '@storegraph/database';

/** The PostgreSQL schema of this domain. */
export const customersSchema = domainSchema('customers');
