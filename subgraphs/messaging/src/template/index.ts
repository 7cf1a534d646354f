import { defineModule } from '@storegraph/subgraph';
import { resolvers } from './resolvers.ts';

export const template = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers });
