import { defineModule } from '@storegraph/subgraph';
import { sendReset } from './jobs.ts';
import { resolvers } from './resolvers.ts';

export const password = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers, jobs: [sendReset] });
