import { fail, isRefusal, newId, ok } from '@storegraph/core';
import { first, one, own, owned, type Tx } from '@storegraph/database';
import { emit, memberInvited } from '@storegraph/events';
import { email, idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { callerStore, callerUser } from '../../caller.ts';
import type { MemberCreateInput } from '../../generated/graphql.ts';
import { personToAdd } from '../../lookups.ts';
import { findRole } from '../../role/queries.ts';
import { exceeds, permissionsOf } from '../../role/role.ts';
import { beginAttempt, settleAttempt } from '../../session/attempts.ts';
import { members } from '../tables.ts';

const shape = z.object({ email, roleId: idOf('rol') });

export async function memberCreate(ctx: Context, input: MemberCreateInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  // Whoever may invite can tell who has signed up: not for many addresses.
  const attempt = await beginAttempt(ctx, 'MEMBER_CREATE', callerStore(ctx.identity), () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;
  const result = await invite(ctx, checked.value);
  const missed = isRefusal(result) && result.problems.some(({ code, field }) => code === 'NOT_FOUND' && field?.[0] === 'email');
  await settleAttempt(ctx, attempt.value.attemptId, missed ? 'FAILED' : 'SUCCEEDED');
  return result;
}

function invite({ db, identity, clock }: Context, { email: invitedEmail, roleId }: z.infer<typeof shape>) {
  return db.write(async (tx) => {
    const role = await findRole(tx, roleId);
    if (!role) return fail('NOT_FOUND', 'No such role.', ['roleId']);
    if (exceeds(permissionsOf(role), identity.permissions)) {
      return fail('ABOVE_YOUR_PERMISSIONS', 'The role holds permissions that you do not have.', ['roleId']);
    }
    const userId = await personToAdd(tx, invitedEmail);
    if (!userId) return fail('NOT_FOUND', 'Nobody has signed up with this address.', ['email']);

    const addedBy = callerUser(identity) ?? null;
    const invitation = { roleId: role.id, status: 'INVITED' as const, invitedEmail, addedBy, invitedAt: clock.now() };
    const fresh = await tx
      .insert(members)
      .values(owned(tx, { id: newId('mem'), userId, ...invitation }))
      .onConflictDoNothing()
      .returning();
    const member = first(fresh) ?? (await takeBack(tx, userId, invitation));
    if (!member) return fail('ALREADY_A_MEMBER', 'The user is a member of the store, or invited, already.', ['email']);
    await emit(tx, memberInvited({ storeId: callerStore(identity), memberId: member.id, userId, roleId: role.id }));
    return ok(member);
  });
}

/** A removed member is invited again, under the same id. */
async function takeBack(tx: Tx, userId: `usr_${string}`, invitation: Partial<typeof members.$inferInsert>) {
  const [known] = await tx
    .select()
    .from(members)
    .where(own(tx, members, eq(members.userId, userId)))
    .for('update');
  if (known?.status !== 'REMOVED') return undefined;
  return one(
    await tx
      .update(members)
      .set({ ...invitation, removedAt: null, suspendedAt: null })
      .where(own(tx, members, eq(members.id, known.id)))
      .returning(),
  );
}
