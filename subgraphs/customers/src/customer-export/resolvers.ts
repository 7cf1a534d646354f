import { isRefusal, ok } from '@storegraph/core';
import { downloadLink } from '@storegraph/exports';
import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { customerExportCreate } from './commands/customer-export-create.ts';
import { exportPlace } from './export.ts';
import { exportById, exportPage } from './queries.ts';

export const resolvers: Resolvers = {
  Query: {
    customerExport: (_, { id }, ctx) => exportById(ctx, id),
    customerExports: (_, page, ctx) => exportPage(ctx, page),
  },
  Mutation: {
    customerExportCreate: async (_, { input }, ctx) => {
      const created = await customerExportCreate(ctx, input);
      // As it is now: a repeated call may find it written.
      return payload('export', isRefusal(created) ? created : ok(await exportById(ctx, created.value.id)));
    },
  },
  CustomerExport: {
    customersTotal: ({ total }) => total,
    customersWritten: ({ done }) => done,
    downloadUrl: ({ id: exportId, storeId, status, createdAt }, _, { clock, identity, services }) =>
      status === 'DONE'
        ? downloadLink(exportPlace, services.sealer, {
            storeId,
            exportId,
            fileName: `customers-${createdAt.toISOString().slice(0, 10)}.csv`,
            subject: identity.subjectId,
            now: clock.now(),
          })
        : null,
  },
};
