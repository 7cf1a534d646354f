import { payload, readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { roleCreate } from './commands/role-create.ts';
import { roleDelete } from './commands/role-delete.ts';
import { roleUpdate } from './commands/role-update.ts';
import { listRoles, roleLoaders } from './queries.ts';
import { permissionsOf } from './role.ts';

export const resolvers: Resolvers = {
  Query: { roles: (_, _arguments, ctx) => listRoles(ctx) },
  Mutation: {
    roleCreate: async (_, { input }, ctx) => payload('role', await roleCreate(ctx, input)),
    roleUpdate: async (_, { input }, ctx) => payload('role', await roleUpdate(ctx, input)),
    roleDelete: async (_, { input }, ctx) => payload('role', await roleDelete(ctx, input)),
  },
  Role: {
    __resolveReference: ({ id }, { load }) => load(roleLoaders).byId.load(readId('rol', id)),
    builtIn: (role) => role.key !== null,
    permissions: (role) => permissionsOf(role),
    memberCount: async ({ id }, _, { load }) => ((await load(roleLoaders).byId.load(id)) ? load(roleLoaders).memberCount.load(id) : null),
  },
};
