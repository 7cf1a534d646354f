import { roleGrants } from '@storegraph/auth';
import { fail, isRefusal, newId, ok } from '@storegraph/core';
import { one, owned } from '@storegraph/database';
import { emit, memberAdded, storeCreated } from '@storegraph/events';
import { validate, type Context } from '@storegraph/subgraph';
import { callerUser } from '../../caller.ts';
import type { StoreCreateInput } from '../../generated/graphql.ts';
import { claimStoreName } from '../../lookups.ts';
import { members } from '../../member/tables.ts';
import { addBuiltInRoles } from '../../role/built-in.ts';
import { newStore } from '../store.ts';
import { stores } from '../tables.ts';

export async function storeCreate(ctx: Context, input: StoreCreateInput) {
  const checked = validate(newStore, input);
  if (isRefusal(checked)) return checked;
  const ownerId = callerUser(ctx.identity);
  if (!ownerId) return fail('NOT_A_USER', 'Only a user can own a store.');
  const { slug, name, currency, country = null, timezone, defaultLanguage } = checked.value;

  // From here on the caller acts as the owner of the new store, so that its first rows and events are the store's own.
  const storeId = newId('sto');
  const owner = ctx.as({ ...ctx.identity, storeId, permissions: roleGrants.OWNER });
  return owner.db.write(async (tx) => {
    if (!(await claimStoreName(tx, 'SLUG', slug))) return fail('SLUG_TAKEN', 'Another store has this slug.', ['slug']);
    const store = one(
      await tx
        .insert(stores)
        .values(
          owned(tx, { id: storeId, slug, name, currency, country, timezone: timezone ?? 'UTC', defaultLanguage: defaultLanguage ?? 'en' }),
        )
        .returning(),
    );
    const { OWNER: roleId } = await addBuiltInRoles(tx);
    const memberId = newId('mem');
    await tx.insert(members).values(owned(tx, { id: memberId, userId: ownerId, roleId, joinedAt: ctx.clock.now() }));
    await emit(
      tx,
      storeCreated({
        storeId,
        slug,
        name,
        country: store.country,
        currency,
        timezone: store.timezone,
        defaultLanguage: store.defaultLanguage,
        ownerId,
      }),
      memberAdded({ storeId, memberId, userId: ownerId, roleId }),
    );
    return ok(store);
  });
}
