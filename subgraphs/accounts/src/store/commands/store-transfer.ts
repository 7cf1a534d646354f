import { fail, ok } from '@storegraph/core';
import { first, one, own } from '@storegraph/database';
import { emit, memberRoleChanged, signal, storeOwnershipTransferred } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerStore, callerUser } from '../../caller.ts';
import type { StoreTransferInput } from '../../generated/graphql.ts';
import { memberForChange } from '../../member/queries.ts';
import { members } from '../../member/tables.ts';
import { builtInRole } from '../../role/queries.ts';

/** The one becomes an owner and the other an admin in the same moment: there is no time with two owners, and none without one. */
export function storeTransfer({ db, identity }: Context, input: StoreTransferInput) {
  const storeId = callerStore(identity);
  const userId = callerUser(identity);
  return db.write(async (tx) => {
    const found = await memberForChange(tx, readId('mem', input.memberId));
    if (!found) return fail('NOT_FOUND', 'No such member.', ['memberId']);
    const giver =
      userId &&
      first(
        await tx
          .select()
          .from(members)
          .where(own(tx, members, eq(members.userId, userId))),
      );
    const ownerRole = await builtInRole(tx, 'OWNER');
    const adminRole = await builtInRole(tx, 'ADMIN');
    if (!ownerRole || !adminRole) throw new Error(`The store ${storeId} lacks a built-in role.`);
    if (giver?.status !== 'ACTIVE' || giver.roleId !== ownerRole.id)
      return fail('NOT_AN_OWNER', 'Only an owner of the store can give it away.');
    const { member, role } = found;
    if (member.status !== 'ACTIVE') return fail('NOT_ACTIVE', 'The member is suspended or removed.', ['memberId']);
    if (role.id === ownerRole.id) return fail('ALREADY_AN_OWNER', 'The member owns the store already.', ['memberId']);

    const owner = one(
      await tx
        .update(members)
        .set({ roleId: ownerRole.id })
        .where(own(tx, members, eq(members.id, member.id)))
        .returning(),
    );
    await tx
      .update(members)
      .set({ roleId: adminRole.id })
      .where(own(tx, members, eq(members.id, giver.id)));
    await emit(
      tx,
      storeOwnershipTransferred({ storeId, fromUserId: giver.userId, toUserId: owner.userId }),
      memberRoleChanged({ storeId, memberId: owner.id, userId: owner.userId, roleId: ownerRole.id, formerRoleId: role.id }),
      memberRoleChanged({ storeId, memberId: giver.id, userId: giver.userId, roleId: adminRole.id, formerRoleId: ownerRole.id }),
    );
    for (const subjectId of [owner.userId, giver.userId]) await signal(tx, 'credentials', { subjectId });
    return ok(owner);
  });
}
