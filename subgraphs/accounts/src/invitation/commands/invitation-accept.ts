import { hashToken } from '@storegraph/auth';
import { fail, isRefusal, newId, ok, type Id, type StoreId, type UserId } from '@storegraph/core';
import { first, one, own, owned, type Tx } from '@storegraph/database';
import { emit, invitationAccepted, memberAdded, signal } from '@storegraph/events';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { callerUser } from '../../caller.ts';
import type { InvitationAcceptInput } from '../../generated/graphql.ts';
import { ownMemberships } from '../../lookups.ts';
import { members } from '../../member/tables.ts';
import { lockPeople } from '../../role/queries.ts';
import { stores } from '../../store/tables.ts';
import { invitationStatus } from '../invitation.ts';
import { invitationByToken, ownInvitations } from '../lookups.ts';
import { lockInvitation, type InvitationRow } from '../queries.ts';
import { invitations } from '../tables.ts';

const shape = z.object({ token: z.string().min(1).max(200).nullish(), invitationId: idOf('inv').nullish() });

const unknown = (field: string) => fail('NOT_FOUND', 'There is no such invitation for you.', [field]);

export async function invitationAccept(ctx: Context, input: InvitationAcceptInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { token = null, invitationId = null } = checked.value;
  if ((token === null) === (invitationId === null)) return fail('INVALID', 'Name the invitation by its token or by its id.', ['token']);
  const field = token === null ? 'invitationId' : 'token';
  const userId = callerUser(ctx.identity);
  if (!userId) return unknown(field);
  const found = await ctx.db.read((tx) => find(tx, token, invitationId));
  if (!found) return unknown(field);

  // From here on the caller acts in the store that invited them, with no right there but this.
  const { id, storeId } = found;
  return ctx.as({ ...ctx.identity, storeId, permissions: [] }).db.write(async (tx) => {
    await lockPeople(tx);
    const invitation = await lockInvitation(tx, id);
    if (!invitation) return unknown(field);
    const now = ctx.clock.now();
    const status = invitationStatus(invitation, now);
    if (status !== 'PENDING') return fail(`ALREADY_${status}`, ended[status], [field]);
    const { storeStatus } = one(await tx.select({ storeStatus: stores.status }).from(stores).where(own(tx, stores)));
    if (storeStatus !== 'ACTIVE') return fail('STORE_NOT_ACTIVE', 'The store does not trade at the moment.', [field]);
    const memberId = await join(tx, invitation, userId, now);
    if (memberId === null) return fail('ALREADY_A_MEMBER', 'You are a member of the store, or locked out of it.', [field]);

    await tx
      .update(invitations)
      .set({ acceptedAt: now, memberId })
      .where(own(tx, invitations, eq(invitations.id, id)));
    const facts = { storeId, memberId, userId };
    await emit(tx, invitationAccepted({ ...facts, invitationId: id }), memberAdded({ ...facts, roleId: invitation.roleId }));
    await signal(tx, 'credentials', { subjectId: userId });
    const membership = (await ownMemberships(tx)).find((each) => each.id === memberId);
    if (!membership) throw new Error(`The member ${memberId} has joined and is not there.`);
    return ok(membership);
  });
}

const ended = {
  ACCEPTED: 'The invitation has been accepted before.',
  REVOKED: 'The invitation has been taken back.',
  EXPIRED: 'The invitation has expired: ask for another one.',
} as const;

/** By the link, whoever has it; or by its id, for the user whose verified address it is. */
async function find(tx: Tx, token: string | null, id: Id<'inv'> | null): Promise<{ id: Id<'inv'>; storeId: StoreId } | undefined> {
  if (token !== null) return invitationByToken(tx, hashToken(token));
  const named = (await ownInvitations(tx)).find((invitation) => invitation.id === id);
  return named && { id: named.id, storeId: named.store.id };
}

/** Makes the user a member, a former one under the same id; null for one who is a member already. */
async function join(tx: Tx, invitation: InvitationRow, userId: UserId, now: Date): Promise<Id<'mem'> | null> {
  const { roleId, email, invitedBy, invitedAt } = invitation;
  const values = { roleId, status: 'ACTIVE' as const, invitedEmail: email, addedBy: invitedBy, invitedAt, joinedAt: now };
  const known = first(
    await tx
      .select({ id: members.id, status: members.status })
      .from(members)
      .where(own(tx, members, eq(members.userId, userId))),
  );
  if (!known) {
    const id = newId('mem');
    await tx.insert(members).values(owned(tx, { id, userId, ...values }));
    return id;
  }
  if (known.status !== 'REMOVED') return null;
  await tx
    .update(members)
    .set({ ...values, suspendedAt: null, removedAt: null })
    .where(own(tx, members, eq(members.id, known.id)));
  return known.id;
}
