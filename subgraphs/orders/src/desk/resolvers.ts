import { isRefusal, ok } from '@storegraph/core';
import { downloadLink } from '@storegraph/exports';
import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { orderExportCreate } from './commands/order-export-create.ts';
import { orderCounts } from './counts.ts';
import { exportPlace } from './export.ts';
import { exportById, exportPage } from './queries.ts';

export const resolvers: Resolvers = {
  Query: {
    orderCounts: (_, __, ctx) => orderCounts(ctx),
    orderExport: (_, { id }, ctx) => exportById(ctx, id),
    orderExports: (_, page, ctx) => exportPage(ctx, page),
  },
  Mutation: {
    orderExportCreate: async (_, { input }, ctx) => {
      const created = await orderExportCreate(ctx, input);
      // As it is now: a repeated call may find it written.
      return payload('export', isRefusal(created) ? created : ok(await exportById(ctx, created.value.id)));
    },
  },
  OrderExport: {
    ordersTotal: ({ total }) => total,
    ordersWritten: ({ done }) => done,
    downloadUrl: ({ id: exportId, storeId, status, createdAt }, _, { clock, identity, services }) =>
      status === 'DONE'
        ? downloadLink(exportPlace, services.sealer, {
            storeId,
            exportId,
            fileName: `orders-${createdAt.toISOString().slice(0, 10)}.csv`,
            subject: identity.subjectId,
            now: clock.now(),
          })
        : null,
  },
};
