import { defineModule } from '@storegraph/subgraph';
import { expireImports, readCustomers } from './jobs.ts';
import { resolvers } from './resolvers.ts';
import { uploadRoute } from './upload.ts';

export const customerImport = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  jobs: [readCustomers, expireImports],
  routes: [uploadRoute],
});
