import { fail, isRefusal, ok } from '@storegraph/core';
import { first } from '@storegraph/database';
import { emit, userUpdated } from '@storegraph/events';
import { validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerUser } from '../../caller.ts';
import type { UserUpdateInput } from '../../generated/graphql.ts';
import { profiles } from '../../lookups.ts';
import { lockUser } from '../lock.ts';
import { users } from '../tables.ts';
import { userChange } from '../user.ts';

const notFound = () => fail('NOT_FOUND', 'Only a user has a profile.');

export async function userUpdate({ db, identity, clock }: Context, input: UserUpdateInput) {
  const checked = validate(userChange, input);
  if (isRefusal(checked)) return checked;
  const change = checked.value;
  const userId = callerUser(identity);
  if (!userId) return notFound();
  return db.write(async (tx) => {
    if (!(await lockUser(tx, userId))) return notFound();
    const { firstName, lastName, phone, avatarUrl, locale, timezone } = users;
    const profile = { firstName, lastName, phone, avatarUrl, locale, timezone };
    const before = first(await tx.select(profile).from(users).where(eq(users.userId, userId)));
    if (before && Object.entries({ ...before, ...change }).some(([field, value]) => value !== before[field as keyof typeof before])) {
      const { locale: reads, timezone: lives, ...personal } = { ...before, ...change };
      await tx
        .update(users)
        .set({ ...change, updatedAt: clock.now() })
        .where(eq(users.userId, userId));
      await emit(tx, userUpdated({ userId, locale: reads, timezone: lives }, { personal }));
    }
    const person = first(await profiles(tx, [userId]));
    return person ? ok(person) : notFound();
  });
}
