import { downloadRoute } from '@storegraph/exports';
import { defineModule } from '@storegraph/subgraph';
import { exportPlace } from './export.ts';
import { expireExports, exportOrders } from './jobs.ts';
import { resolvers } from './resolvers.ts';
import { orderExports } from './tables.ts';

export const desk = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  jobs: [exportOrders, expireExports],
  routes: [downloadRoute(exportPlace, orderExports)],
});
