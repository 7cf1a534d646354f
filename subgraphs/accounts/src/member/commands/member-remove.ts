import { fail, ok } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { emit, memberRemoved, signal } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerStore } from '../../caller.ts';
import type { MemberRemoveInput } from '../../generated/graphql.ts';
import { permissionsOf } from '../../role/role.ts';
import { refusalText, refusalToLeaveRole } from '../member.ts';
import { memberForChange } from '../queries.ts';
import { members } from '../tables.ts';

export function memberRemove({ db, identity, clock }: Context, input: MemberRemoveInput) {
  const storeId = callerStore(identity);
  return db.write(async (tx) => {
    const found = await memberForChange(tx, readId('mem', input.memberId));
    if (!found) return fail('NOT_FOUND', 'No such member.', ['memberId']);
    const { member, role, isLastOwner } = found;
    const refusal = refusalToLeaveRole({ status: member.status, permissions: permissionsOf(role), isLastOwner }, identity.permissions);
    if (refusal) return fail(refusal, refusalText[refusal], ['memberId']);

    const removed = one(
      await tx
        .update(members)
        .set({ status: 'REMOVED', removedAt: clock.now() })
        .where(own(tx, members, eq(members.id, member.id)))
        .returning(),
    );
    const { id: memberId, userId } = member;
    await emit(tx, memberRemoved({ storeId, memberId, userId, roleId: role.id }));
    await signal(tx, 'credentials', { subjectId: userId });
    return ok(removed);
  });
}
