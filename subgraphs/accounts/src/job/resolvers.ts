import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { platformLoaders } from '../platform/queries.ts';
import { jobCancel } from './commands/job-cancel.ts';
import { jobRetry } from './commands/job-retry.ts';
import { listAllJobs } from './queries.ts';

export const resolvers: Resolvers = {
  Query: { jobs: (_, input, ctx) => listAllJobs(ctx, input) },
  Mutation: {
    jobRetry: async (_, { input }, ctx) => payload('job', await jobRetry(ctx, input)),
    jobCancel: async (_, { input }, ctx) => payload('job', await jobCancel(ctx, input)),
  },
  Job: {
    store: ({ storeId }, _, { load }) => storeId && load(platformLoaders).storeById.load(storeId),
    delaySeconds: ({ createdAt, startAfter }) => Math.max(0, Math.round((startAfter.getTime() - createdAt.getTime()) / 1000)),
    availableTransitions: ({ state }) => {
      const isOver = state === 'FAILED' || state === 'CANCELLED';
      const isOpen = state === 'PENDING' || state === 'PROCESSING';
      return [
        { name: 'RETRY' as const, allowed: isOver, reason: isOver ? null : ('NOT_FAILED' as const) },
        { name: 'CANCEL' as const, allowed: isOpen, reason: isOpen ? null : ('ALREADY_ENDED' as const) },
      ];
    },
  },
};
