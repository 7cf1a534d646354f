import { defineModule } from '@storegraph/subgraph';
import { keepTrading } from '../store/trading.ts';
import { prune } from './jobs.ts';
import { resolvers } from './resolvers.ts';
import { jwks } from './routes.ts';

export const session = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  jobs: [prune],
  routes: [jwks],
  reactions: [keepTrading],
});
