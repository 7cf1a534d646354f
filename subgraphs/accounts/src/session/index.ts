import { defineModule } from '@storegraph/subgraph';
import { prune, rotateKeys } from './jobs.ts';
import { resolvers } from './resolvers.ts';
import { jwks } from './routes.ts';

export const session = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  jobs: [prune, rotateKeys],
  routes: [jwks],
});
