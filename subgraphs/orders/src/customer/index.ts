import { defineModule } from '@storegraph/subgraph';
import { rememberCustomer } from './known.ts';
import { followCustomers } from './merges.ts';
import { resolvers } from './resolvers.ts';

export const customer = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  reactions: [rememberCustomer, followCustomers],
});
