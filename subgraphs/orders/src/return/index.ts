import { defineModule } from '@storegraph/subgraph';
import { resolvers } from './resolvers.ts';

export const returns = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers });
