import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofStore } from './parts.ts';

const ofInvitation = { ...ofStore, invitationId: idOf('inv') };
const invitation = (payload: { invitationId: `inv_${string}` }) => payload.invitationId;
const sending = { ...ofInvitation, roleId: idOf('rol'), storeName: z.string(), invitedBy: idOf('usr').nullable(), expiresAt: z.date() };
const addressee = z.object({ email: z.string() });

export const invitationCreated = defineEvent({
  type: 'invitation.created',
  version: 1,
  producer: 'accounts',
  description:
    'An e-mail address has been invited to a store, for the first time or again. The secret is the token of the link to accept it.',
  aggregate: invitation,
  subject: invitation,
  payload: z.object(sending),
  personal: addressee,
  secretFor: 'messaging',
});

export const invitationResent = defineEvent({
  type: 'invitation.resent',
  version: 1,
  producer: 'accounts',
  description: 'An invitation is to be sent once more, with another token, which is the secret: the link sent before leads nowhere.',
  aggregate: invitation,
  subject: invitation,
  payload: z.object(sending),
  personal: addressee,
  secretFor: 'messaging',
});

export const invitationRevoked = defineEvent({
  type: 'invitation.revoked',
  version: 1,
  producer: 'accounts',
  description: 'An invitation has been taken back.',
  aggregate: invitation,
  payload: z.object(ofInvitation),
});

export const invitationAccepted = defineEvent({
  type: 'invitation.accepted',
  version: 1,
  producer: 'accounts',
  description: 'Somebody has accepted an invitation, and is a member of the store (`member.added`).',
  aggregate: invitation,
  payload: z.object({ ...ofInvitation, memberId: idOf('mem'), userId: idOf('usr') }),
});
