import { payload } from '@storegraph/subgraph';
import { reloaded } from '../conversation/reloaded.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { teamChannelArchive } from './commands/team-channel-archive.ts';
import { teamChannelCreate } from './commands/team-channel-create.ts';
import { teamChannelUnarchive } from './commands/team-channel-unarchive.ts';
import { teamChannelUpdate } from './commands/team-channel-update.ts';

export const resolvers: Resolvers = {
  Mutation: {
    teamChannelCreate: async (_, { input }, ctx) => payload('channel', await reloaded(ctx, await teamChannelCreate(ctx, input))),
    teamChannelUpdate: async (_, { input }, ctx) => payload('channel', await reloaded(ctx, await teamChannelUpdate(ctx, input))),
    teamChannelArchive: async (_, { input }, ctx) => payload('channel', await reloaded(ctx, await teamChannelArchive(ctx, input))),
    teamChannelUnarchive: async (_, { input }, ctx) => payload('channel', await reloaded(ctx, await teamChannelUnarchive(ctx, input))),
  },
};
