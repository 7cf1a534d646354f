import { payload, readId, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { roleLoaders } from '../role/queries.ts';
import { permissionsOf } from '../role/role.ts';
import { userLoaders } from '../user/loaders.ts';
import { memberAccept } from './commands/member-accept.ts';
import { memberCreate } from './commands/member-create.ts';
import { memberRemove } from './commands/member-remove.ts';
import { memberRoleChange } from './commands/member-role-change.ts';
import { listMembers } from './list.ts';
import { refusalToLeaveRole } from './member.ts';
import { memberLoaders, type MemberRow } from './queries.ts';

export const resolvers: Resolvers = {
  Query: {
    members: (_, input, ctx) => listMembers(ctx, input),
    member: (_, { id }, { load }) => load(memberLoaders).byId.load(readId('mem', id)),
  },
  Mutation: {
    memberCreate: async (_, { input }, ctx) => payload('member', await memberCreate(ctx, input)),
    memberAccept: async (_, { input }, ctx) => payload('membership', await memberAccept(ctx, input)),
    memberRoleChange: async (_, { input }, ctx) => payload('member', await memberRoleChange(ctx, input)),
    memberRemove: async (_, { input }, ctx) => payload('member', await memberRemove(ctx, input)),
  },
  Member: {
    __resolveReference: ({ id }, { load }) => load(memberLoaders).byId.load(readId('mem', id)),
    user: (member, _, { load }) => load(userLoaders).byId.load(member.userId),
    addedBy: (member, _, { load }) => member.addedBy && load(userLoaders).byId.load(member.addedBy),
    role: (member, _, ctx) => roleOf(member, ctx),
    availableTransitions: async (member, _, ctx) => {
      const reason = await refusalFor(member, ctx);
      return (['ROLE_CHANGE', 'REMOVE'] as const).map((name) => ({ name, allowed: reason === null, reason }));
    },
  },
};

async function roleOf(member: MemberRow, { load }: Context) {
  const role = await load(roleLoaders).byId.load(member.roleId);
  if (!role) throw new Error(`The member ${member.id} has a role that does not exist.`);
  return role;
}

async function refusalFor(member: MemberRow, ctx: Context) {
  const { permissions } = ctx.identity;
  if (!permissions.includes('members:write')) return 'FORBIDDEN';
  const [role, isLastOwner] = await Promise.all([roleOf(member, ctx), ctx.load(memberLoaders).isLastOwner.load(member.id)]);
  return refusalToLeaveRole({ status: member.status, permissions: permissionsOf(role), isLastOwner }, permissions);
}
