import { fail, isRefusal, newId, ok } from '@storegraph/core';
import { one, own, owned } from '@storegraph/database';
import { emit, roleCreated } from '@storegraph/events';
import { text, validate, type Context } from '@storegraph/subgraph';
import { isNull } from 'drizzle-orm';
import { z } from 'zod';
import { callerStore } from '../../caller.ts';
import type { RoleCreateInput } from '../../generated/graphql.ts';
import { named } from '../named.ts';
import { lockPeople } from '../queries.ts';
import { grantable, maxRoles } from '../role.ts';
import { roles } from '../tables.ts';

const shape = z.object({ name: text(50), description: text(200).nullish(), permissions: z.array(z.string().max(100)).min(1).max(100) });

export async function roleCreate({ db, identity }: Context, input: RoleCreateInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { name, description = null } = checked.value;
  const granted = grantable(checked.value.permissions, identity.permissions);
  if (isRefusal(granted)) return granted;
  const permissions = granted.value;
  const storeId = callerStore(identity);

  return named(() =>
    db.write(async (tx) => {
      await lockPeople(tx);
      const existing = await tx.$count(roles, own(tx, roles, isNull(roles.deletedAt), isNull(roles.key)));
      if (existing >= maxRoles) return fail('TOO_MANY_ROLES', `A store can have ${maxRoles} roles of its own.`);
      const values = owned(tx, { id: newId('rol'), name, description, permissions });
      const role = one(await tx.insert(roles).values(values).returning());
      await emit(tx, roleCreated({ storeId, roleId: role.id, name, permissions }));
      return ok(role);
    }),
  );
}
