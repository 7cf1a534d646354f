import { domainSchema } from '@storegraph/database';

/** The PostgreSQL schema of this domain. */
export const messagingSchema = domainSchema('messaging');
