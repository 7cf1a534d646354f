import { domainSchema } from '@storegraph/database';

export const accountsSchema = domainSchema('accounts');
