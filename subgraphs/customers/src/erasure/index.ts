import { defineModule } from '@storegraph/subgraph';
import { collectReceipts } from './events.ts';
import { resolvers } from './resolvers.ts';

export const erasure = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers, reactions: [collectReceipts] });
