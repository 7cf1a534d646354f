import { payload, readId, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { roleLoaders } from '../role/queries.ts';
import { permissionsOf } from '../role/role.ts';
import { userLoaders } from '../user/loaders.ts';
import { memberReinstate } from './commands/member-reinstate.ts';
import { memberRemove } from './commands/member-remove.ts';
import { memberRoleChange } from './commands/member-role-change.ts';
import { memberSuspend } from './commands/member-suspend.ts';
import { listMembers } from './list.ts';
import { refusalOf, type MemberTransitionName } from './member.ts';
import { memberLoaders, type MemberRow } from './queries.ts';

export const resolvers: Resolvers = {
  Query: {
    members: (_, input, ctx) => listMembers(ctx, input),
    member: (_, { id }, { load }) => load(memberLoaders).byId.load(readId('mem', id)),
  },
  Mutation: {
    memberRoleChange: async (_, { input }, ctx) => payload('member', await memberRoleChange(ctx, input)),
    memberSuspend: async (_, { input }, ctx) => payload(await memberSuspend(ctx, input)),
    memberReinstate: async (_, { input }, ctx) => payload('member', await memberReinstate(ctx, input)),
    memberRemove: async (_, { input }, ctx) => payload(await memberRemove(ctx, input)),
  },
  Member: {
    __resolveReference: ({ id }, { load }) => load(memberLoaders).byId.load(readId('mem', id)),
    user: (member, _, { load }) => load(userLoaders).byId.load(member.userId),
    addedBy: (member, _, { load }) => member.addedBy && load(userLoaders).byId.load(member.addedBy),
    role: (member, _, ctx) => roleOf(member, ctx),
    availableTransitions: async (member, _, ctx) => {
      const refusal = await refusalsFor(member, ctx);
      return transitions.map((name) => {
        const reason = refusal(name);
        return { name, allowed: reason === null, reason };
      });
    },
  },
};

const transitions: readonly MemberTransitionName[] = ['ROLE_CHANGE', 'SUSPEND', 'REINSTATE', 'REMOVE'];

async function roleOf(member: MemberRow, { load }: Context) {
  const role = await load(roleLoaders).byId.load(member.roleId);
  if (!role) throw new Error(`The member ${member.id} has a role that does not exist.`);
  return role;
}

/** Why the caller can't make a change of the member. */
async function refusalsFor(member: MemberRow, ctx: Context) {
  const { permissions } = ctx.identity;
  if (!permissions.includes('members:write')) return () => 'FORBIDDEN' as const;
  const [role, isLastOwner] = await Promise.all([roleOf(member, ctx), ctx.load(memberLoaders).isLastOwner.load(member.id)]);
  const state = { status: member.status, permissions: permissionsOf(role), isLastOwner };
  return (name: MemberTransitionName) => refusalOf(name, state, permissions);
}
