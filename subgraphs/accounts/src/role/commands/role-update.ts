import { fail, isRefusal, ok } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { emit, roleUpdated, signal } from '@storegraph/events';
import { idOf, text, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { callerStore } from '../../caller.ts';
import type { RoleUpdateInput } from '../../generated/graphql.ts';
import { named } from '../named.ts';
import { findRole, lockPeople } from '../queries.ts';
import { grantable, permissionsOf, refusalToChangeRole, roleRefusalText } from '../role.ts';
import { roles } from '../tables.ts';

const shape = z.object({
  roleId: idOf('rol'),
  name: text(50).optional(),
  description: text(200).nullish(),
  permissions: z.array(z.string().max(100)).min(1).max(100).optional(),
});

export async function roleUpdate({ db, identity }: Context, input: RoleUpdateInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { roleId, name, description, permissions: asked } = checked.value;
  const granted = asked === undefined ? ok(undefined) : grantable(asked, identity.permissions);
  if (isRefusal(granted)) return granted;
  const storeId = callerStore(identity);

  return named(() =>
    db.write(async (tx) => {
      await lockPeople(tx);
      const role = await findRole(tx, roleId);
      if (!role) return fail('NOT_FOUND', 'No such role.', ['roleId']);
      const refusal = refusalToChangeRole(role, identity.permissions);
      if (refusal) return fail(refusal, roleRefusalText[refusal], ['roleId']);

      const change = { name: name ?? role.name, permissions: granted.value ?? [...permissionsOf(role)] };
      const changed = one(
        await tx
          .update(roles)
          .set({ ...change, description })
          .where(own(tx, roles, eq(roles.id, roleId)))
          .returning(),
      );
      await emit(tx, roleUpdated({ storeId, roleId, ...change }));
      // Whoever has the role: nobody's permissions are remembered any longer.
      await signal(tx, 'credentials', { storeId });
      return ok(changed);
    }),
  );
}
