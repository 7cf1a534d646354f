import { defineModule } from '@storegraph/subgraph';
import { keepCountry } from '../store/events.ts';
import { resolvers } from './resolvers.ts';

export const customer = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers, reactions: [keepCountry] });
