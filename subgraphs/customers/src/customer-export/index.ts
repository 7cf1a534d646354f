import { downloadRoute } from '@storegraph/exports';
import { defineModule } from '@storegraph/subgraph';
import { exportPlace } from './export.ts';
import { expireExports, exportCustomers } from './jobs.ts';
import { resolvers } from './resolvers.ts';
import { customerExports } from './tables.ts';

export const customerExport = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  jobs: [exportCustomers, expireExports],
  routes: [downloadRoute(exportPlace, customerExports)],
});
