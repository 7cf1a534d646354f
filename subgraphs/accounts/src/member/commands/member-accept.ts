import { fail, ok } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { emit, memberAdded, signal } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerUser } from '../../caller.ts';
import type { MemberAcceptInput } from '../../generated/graphql.ts';
import { ownMemberships } from '../../lookups.ts';
import { members } from '../tables.ts';

export async function memberAccept(ctx: Context, input: MemberAcceptInput) {
  const userId = callerUser(ctx.identity);
  const memberId = readId('mem', input.memberId);
  const invitation = userId && (await ctx.db.read((tx) => ownMemberships(tx))).find(({ id }) => id === memberId);
  if (!userId || !invitation) return fail('NOT_FOUND', 'No store has invited you under this id.', ['memberId']);

  // From here on the caller acts in the store that invited them, with no right there but this.
  const storeId = invitation.store.id;
  return ctx.as({ ...ctx.identity, storeId, permissions: [] }).db.write(async (tx) => {
    const isOpen = own(tx, members, eq(members.id, memberId), eq(members.userId, userId), eq(members.status, 'INVITED'));
    const joined = first(await tx.update(members).set({ status: 'ACTIVE', joinedAt: ctx.clock.now() }).where(isOpen).returning());
    if (!joined) return fail('NOT_INVITED', 'There is no invitation to accept.', ['memberId']);
    await emit(tx, memberAdded({ storeId, memberId, userId, roleId: joined.roleId }));
    await signal(tx, 'credentials', { subjectId: userId });
    const membership = (await ownMemberships(tx)).find(({ id }) => id === memberId);
    if (!membership) throw new Error(`The member ${memberId} has joined and is not there.`);
    return ok(membership);
  });
}
