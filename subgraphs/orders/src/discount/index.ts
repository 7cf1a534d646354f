import { defineModule } from '@storegraph/subgraph';
import { issueCode } from './events.ts';
import { forgetGuesses } from './jobs.ts';
import { resolvers } from './resolvers.ts';

export const discount = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  reactions: [issueCode],
  jobs: [forgetGuesses],
});
