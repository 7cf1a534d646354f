import { owned } from '@storegraph/database';
import { defineReaction, memberAdded, memberReinstated, memberRemoved, memberSuspended } from '@storegraph/events';
import { knownMembers } from './tables.ts';

/** One consumer for all of a membership: what is told of it has to be heard in its sequence. */
export const rememberMember = defineReaction({
  name: 'messaging.remember-member',
  kind: 'projection',
  on: [memberAdded, memberReinstated, memberSuspended, memberRemoved],
  handle: async (tx, { type, payload: { userId } }) => {
    const active = type === 'member.added' || type === 'member.reinstated';
    await tx
      .insert(knownMembers)
      .values(owned(tx, { userId, active }))
      .onConflictDoUpdate({ target: [knownMembers.storeId, knownMembers.userId], set: { active } });
  },
});
