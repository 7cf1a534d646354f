import { defineModule } from '@storegraph/subgraph';
import { resolvers } from './resolvers.ts';
import { wakeSnoozed } from './wake.ts';

export const conversation = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers, jobs: [wakeSnoozed] });
