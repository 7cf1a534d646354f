import { defineKnownCustomers } from '@storegraph/known-customers';
import { treatments } from './personal.ts';
import { known } from './tables.ts';

export { untilCustomerKnown } from '@storegraph/known-customers';

export const { reactions, rememberCustomers, unknownCustomer } = defineKnownCustomers({
  name: 'messaging',
  tables: known,
  treatments,
  // One that came over a channel from somebody who was no customer yet.
  subjects: { conversations: 'cnv' },
});
