import { knownCustomerTables } from '@storegraph/known-customers';
import { messagingSchema } from '../schema.ts';

export const known = knownCustomerTables(messagingSchema);
