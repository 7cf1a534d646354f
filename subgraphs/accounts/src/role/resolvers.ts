import { readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { listRoles, roleLoaders } from './queries.ts';
import { permissionsOf } from './role.ts';

export const resolvers: Resolvers = {
  Query: { roles: (_, _arguments, ctx) => listRoles(ctx) },
  Role: {
    __resolveReference: ({ id }, { load }) => load(roleLoaders).byId.load(readId('rol', id)),
    builtIn: (role) => role.key !== null,
    permissions: (role) => permissionsOf(role),
  },
};
