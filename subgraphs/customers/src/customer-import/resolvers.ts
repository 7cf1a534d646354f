import { isRefusal, ok } from '@storegraph/core';
import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { customerImportCreate } from './commands/customer-import-create.ts';
import { importById, importPage, rejectionPage } from './queries.ts';
import { uploadLink } from './upload.ts';

export const resolvers: Resolvers = {
  Query: {
    customerImport: (_, { id }, ctx) => importById(ctx, id),
    customerImports: (_, page, ctx) => importPage(ctx, page),
  },
  Mutation: {
    customerImportCreate: async (_, { input }, ctx) => {
      const created = await customerImportCreate(ctx, input);
      return payload('import', isRefusal(created) ? created : ok(await importById(ctx, created.value.id)));
    },
  },
  CustomerImport: {
    uploadUrl: ({ id: importId, storeId, status }, _, { clock, services }) =>
      status === 'AWAITING_FILE' ? uploadLink(services.sealer, { storeId, importId, now: clock.now() }) : null,
    rejections: ({ id }, page, ctx) => rejectionPage(ctx, id, page),
  },
  CustomerImportRejection: { column: ({ columnName }) => columnName },
};
