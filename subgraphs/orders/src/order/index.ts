import { defineModule } from '@storegraph/subgraph';
import { expireUnpaid, prune } from './jobs.ts';
import { resolvers } from './resolvers.ts';

export const order = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers, jobs: [expireUnpaid, prune] });
