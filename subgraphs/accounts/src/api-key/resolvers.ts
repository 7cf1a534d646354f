import { payload, readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { userLoaders } from '../user/loaders.ts';
import { apiKeyStatus } from './api-key.ts';
import { apiKeyCreate } from './commands/api-key-create.ts';
import { apiKeyRevoke } from './commands/api-key-revoke.ts';
import { apiKeyLoaders, listApiKeys } from './queries.ts';

export const resolvers: Resolvers = {
  Query: { apiKeys: (_, input, ctx) => listApiKeys(ctx, input) },
  Mutation: {
    apiKeyCreate: async (_, { input }, ctx) => payload(await apiKeyCreate(ctx, input)),
    apiKeyRevoke: async (_, { input }, ctx) => payload('apiKey', await apiKeyRevoke(ctx, input)),
  },
  ApiKey: {
    __resolveReference: ({ id }, { load }) => load(apiKeyLoaders).byId.load(readId('key', id)),
    status: (key, _, { clock }) => apiKeyStatus(key, clock.now()),
    createdBy: (key, _, { load }) => key.createdBy && load(userLoaders).byId.load(key.createdBy),
  },
};
