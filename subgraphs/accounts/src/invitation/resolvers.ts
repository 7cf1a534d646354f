import { payload, readId } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { memberLoaders } from '../member/queries.ts';
import { roleLoaders } from '../role/queries.ts';
import { userLoaders } from '../user/loaders.ts';
import { invitationAccept } from './commands/invitation-accept.ts';
import { invitationCreate } from './commands/invitation-create.ts';
import { invitationResend } from './commands/invitation-resend.ts';
import { invitationRevoke } from './commands/invitation-revoke.ts';
import { invitationStatus, refusalToTouch } from './invitation.ts';
import { invitationLoaders, listInvitations } from './queries.ts';

export const resolvers: Resolvers = {
  Query: { invitations: (_, input, ctx) => listInvitations(ctx, input) },
  Mutation: {
    invitationCreate: async (_, { input }, ctx) => payload('invitation', await invitationCreate(ctx, input)),
    invitationResend: async (_, { input }, ctx) => payload('invitation', await invitationResend(ctx, input)),
    invitationRevoke: async (_, { input }, ctx) => payload('invitation', await invitationRevoke(ctx, input)),
    invitationAccept: async (_, { input }, ctx) => payload('membership', await invitationAccept(ctx, input)),
  },
  Invitation: {
    __resolveReference: ({ id }, { load }) => load(invitationLoaders).byId.load(readId('inv', id)),
    status: (invitation, _, { clock }) => invitationStatus(invitation, clock.now()),
    role: async (invitation, _, { load }) => {
      const role = await load(roleLoaders).byId.load(invitation.roleId);
      if (!role) throw new Error(`The invitation ${invitation.id} has a role that does not exist.`);
      return role;
    },
    invitedBy: (invitation, _, { load }) => invitation.invitedBy && load(userLoaders).byId.load(invitation.invitedBy),
    member: (invitation, _, { load }) => invitation.memberId && load(memberLoaders).byId.load(invitation.memberId),
    availableTransitions: (invitation, _, { identity }) => {
      const reason = identity.permissions.includes('members:write') ? refusalToTouch(invitation) : 'FORBIDDEN';
      return (['RESEND', 'REVOKE'] as const).map((name) => ({ name, allowed: reason === null, reason }));
    },
  },
};
