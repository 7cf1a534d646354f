import { defineModule } from '@storegraph/subgraph';
import { eraseActivities } from './erase.ts';
import { recordActivities } from './events.ts';
import { resolvers } from './resolvers.ts';

export const activity = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  reactions: [recordActivities, eraseActivities],
});
