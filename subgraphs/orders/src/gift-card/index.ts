import { defineModule } from '@storegraph/subgraph';
import { foldTotals, forfeit, forgetGuesses } from './jobs.ts';
import { issueRequested } from './request.ts';
import { resolvers } from './resolvers.ts';

export const giftCard = defineModule({
  schema: new URL('./schema.graphql', import.meta.url),
  resolvers,
  reactions: [issueRequested],
  jobs: [forfeit, foldTotals, forgetGuesses],
});
