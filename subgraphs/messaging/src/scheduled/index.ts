import { defineModule } from '@storegraph/subgraph';
import { sendScheduled } from './jobs.ts';
import { resolvers } from './resolvers.ts';

export const scheduled = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers, jobs: [sendScheduled] });
