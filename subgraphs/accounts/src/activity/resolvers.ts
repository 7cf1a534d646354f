import { readId } from '@storegraph/subgraph';
import { apiKeyLoaders } from '../api-key/queries.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { userLoaders } from '../user/loaders.ts';
import { displayName } from '../user/user.ts';
import { listActivities } from './queries.ts';

export const resolvers: Resolvers = {
  Query: { activities: (_, input, ctx) => listActivities(ctx, input) },
  Activity: {
    performer: ({ actorKind, actorId }) => ({ kind: actorKind, id: actorId }),
    details: ({ fields, reason }) => ({ fields, reason }),
  },
  ActivityPerformer: {
    name: async ({ kind, id }, _, { load }) => {
      if (kind === 'API_KEY') return (await load(apiKeyLoaders).byId.load(readId('key', id)))?.name;
      const person = await load(userLoaders).byId.load(readId('usr', id));
      return person && displayName(person);
    },
    user: ({ kind, id }, _, { load }) => (kind === 'API_KEY' ? null : load(userLoaders).byId.load(readId('usr', id))),
    apiKey: ({ kind, id }, _, { load }) => (kind === 'API_KEY' ? load(apiKeyLoaders).byId.load(readId('key', id)) : null),
  },
};
