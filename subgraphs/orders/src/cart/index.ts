import { defineModule } from '@storegraph/subgraph';
import { abandon, prune } from './jobs.ts';
import { resolvers } from './resolvers.ts';

export const cart = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers, jobs: [abandon, prune] });
