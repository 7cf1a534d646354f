import { defineModule } from '@storegraph/subgraph';
import { reactions } from './known.ts';
import { resolvers } from './resolvers.ts';

export const customer = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  reactions,
});
