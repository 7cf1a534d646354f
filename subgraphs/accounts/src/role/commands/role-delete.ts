import { fail, ok, type Id } from '@storegraph/core';
import { one, own, type Tx } from '@storegraph/database';
import { emit, memberRoleChanged, roleDeleted, signal } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { and, eq, isNull, ne } from 'drizzle-orm';
import { callerStore } from '../../caller.ts';
import type { RoleDeleteInput } from '../../generated/graphql.ts';
import { invitations } from '../../invitation/tables.ts';
import { members } from '../../member/tables.ts';
import { findRole, lockPeople } from '../queries.ts';
import { exceeds, permissionsOf, refusalToChangeRole, roleRefusalText } from '../role.ts';
import { roles } from '../tables.ts';

export function roleDelete({ db, identity, clock }: Context, input: RoleDeleteInput) {
  const storeId = callerStore(identity);
  const roleId = readId('rol', input.roleId);
  const replacementRoleId = input.replacementRoleId == null ? null : readId('rol', input.replacementRoleId);
  return db.write(async (tx) => {
    await lockPeople(tx);
    const role = await findRole(tx, roleId);
    if (!role) return fail('NOT_FOUND', 'No such role.', ['roleId']);
    const refusal = refusalToChangeRole(role, identity.permissions);
    if (refusal) return fail(refusal, roleRefusalText[refusal], ['roleId']);

    if (replacementRoleId !== null) {
      if (replacementRoleId === roleId) return fail('INVALID', 'A role can’t replace itself.', ['replacementRoleId']);
      const replacement = await findRole(tx, replacementRoleId);
      if (!replacement) return fail('NOT_FOUND', 'No such role.', ['replacementRoleId']);
      if (exceeds(permissionsOf(replacement), identity.permissions))
        return fail('ABOVE_YOUR_PERMISSIONS', roleRefusalText.ABOVE_YOUR_PERMISSIONS, ['replacementRoleId']);
      const moved = await replace(tx, roleId, replacementRoleId);
      await emit(
        tx,
        ...moved.map(({ memberId, userId }) =>
          memberRoleChanged({ storeId, memberId, userId, roleId: replacementRoleId, formerRoleId: roleId }),
        ),
      );
    } else if (await isInUse(tx, roleId)) {
      return fail('IN_USE', 'Members or open invitations have this role: name a replacement.', ['replacementRoleId']);
    }
    const deleted = one(
      await tx
        .update(roles)
        .set({ deletedAt: clock.now() })
        .where(own(tx, roles, eq(roles.id, roleId)))
        .returning(),
    );
    await emit(tx, roleDeleted({ storeId, roleId, replacementRoleId }));
    await signal(tx, 'credentials', { storeId });
    return ok(deleted);
  });
}

const isOpen = and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt));

/** Whether somebody has the role, or would have it with an acceptance. */
async function isInUse(tx: Tx, roleId: Id<'rol'>): Promise<boolean> {
  const has = await tx.$count(members, own(tx, members, eq(members.roleId, roleId), ne(members.status, 'REMOVED')));
  return has > 0 || (await tx.$count(invitations, own(tx, invitations, eq(invitations.roleId, roleId), isOpen))) > 0;
}

async function replace(tx: Tx, roleId: Id<'rol'>, replacement: Id<'rol'>) {
  await tx
    .update(invitations)
    .set({ roleId: replacement })
    .where(own(tx, invitations, eq(invitations.roleId, roleId), isOpen));
  return tx
    .update(members)
    .set({ roleId: replacement })
    .where(own(tx, members, eq(members.roleId, roleId), ne(members.status, 'REMOVED')))
    .returning({ memberId: members.id, userId: members.userId });
}
