import { fail, ok } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { emit, memberRoleChanged, signal } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerStore } from '../../caller.ts';
import type { MemberRoleChangeInput } from '../../generated/graphql.ts';
import { findRole } from '../../role/queries.ts';
import { exceeds, permissionsOf } from '../../role/role.ts';
import { refusalOf, refusalText } from '../member.ts';
import { memberForChange } from '../queries.ts';
import { members } from '../tables.ts';

export function memberRoleChange({ db, identity }: Context, input: MemberRoleChangeInput) {
  const storeId = callerStore(identity);
  return db.write(async (tx) => {
    const found = await memberForChange(tx, readId('mem', input.memberId));
    if (!found) return fail('NOT_FOUND', 'No such member.', ['memberId']);
    const role = await findRole(tx, readId('rol', input.roleId));
    if (!role) return fail('NOT_FOUND', 'No such role.', ['roleId']);
    const { member, role: former, state } = found;
    const staysOwner = role.key === 'OWNER';
    const refusal = refusalOf('ROLE_CHANGE', { ...state, isLastOwner: state.isLastOwner && !staysOwner }, identity.permissions);
    if (refusal) return fail(refusal, refusalText[refusal], ['memberId']);
    if (exceeds(permissionsOf(role), identity.permissions)) {
      return fail('ABOVE_YOUR_PERMISSIONS', refusalText.ABOVE_YOUR_PERMISSIONS, ['roleId']);
    }
    if (role.id === former.id) return ok(member);

    const changed = one(
      await tx
        .update(members)
        .set({ roleId: role.id })
        .where(own(tx, members, eq(members.id, member.id)))
        .returning(),
    );
    const { id: memberId, userId } = member;
    await emit(tx, memberRoleChanged({ storeId, memberId, userId, roleId: role.id, formerRoleId: former.id }));
    await signal(tx, 'credentials', { subjectId: userId });
    return ok(changed);
  });
}
