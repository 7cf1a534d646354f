import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofStore } from './parts.ts';

const ofMember = { ...ofStore, memberId: idOf('mem'), userId: idOf('usr'), roleId: idOf('rol') };
const member = (payload: { memberId: `mem_${string}` }) => payload.memberId;

export const memberAdded = defineEvent({
  type: 'member.added',
  version: 1,
  producer: 'accounts',
  description: 'A user has become a member of a store, for the first time or again.',
  aggregate: member,
  payload: z.object(ofMember),
});

export const memberRoleChanged = defineEvent({
  type: 'member.roleChanged',
  version: 1,
  producer: 'accounts',
  description: 'A member of a store has another role, and with it other permissions.',
  aggregate: member,
  payload: z.object({ ...ofMember, formerRoleId: idOf('rol') }),
});

export const memberRemoved = defineEvent({
  type: 'member.removed',
  version: 1,
  producer: 'accounts',
  description: 'A user is no longer a member of a store.',
  aggregate: member,
  payload: z.object(ofMember),
});

export const memberSuspended = defineEvent({
  type: 'member.suspended',
  version: 1,
  producer: 'accounts',
  description: 'A member is locked out of a store for the time being.',
  aggregate: member,
  payload: z.object(ofMember),
});

export const memberReinstated = defineEvent({
  type: 'member.reinstated',
  version: 1,
  producer: 'accounts',
  description: 'A member who was locked out of a store is let in again, in the same role.',
  aggregate: member,
  payload: z.object(ofMember),
});
