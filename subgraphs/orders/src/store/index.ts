import { defineModule } from '@storegraph/subgraph';
import { resolvers } from './resolvers.ts';
import { rememberStore } from './settings.ts';

export const store = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  reactions: [rememberStore],
});
