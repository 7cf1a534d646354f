import { fail, ok } from '@storegraph/core';
import { own } from '@storegraph/database';
import { signal } from '@storegraph/events';
import { noteActivity, readId, type Context } from '@storegraph/subgraph';
import { eq, isNull } from 'drizzle-orm';
import { callerSession } from '../../caller.ts';
import type { PlatformStoreLeaveInput } from '../../generated/graphql.ts';
import { platformLoaders } from '../queries.ts';
import { platformEntries } from '../tables.ts';

export async function platformStoreLeave(ctx: Context, input: PlatformStoreLeaveInput) {
  const sessionId = callerSession(ctx.identity);
  const store = await ctx.load(platformLoaders).storeById.load(readId('sto', input.storeId));
  if (!store || !sessionId) return fail('NOT_FOUND', 'No such store.', ['storeId']);
  return ctx.as({ ...ctx.identity, storeId: store.id, permissions: [] }).db.write(async (tx) => {
    await tx
      .update(platformEntries)
      .set({ leftAt: ctx.clock.now() })
      .where(own(tx, platformEntries, eq(platformEntries.sessionId, sessionId), isNull(platformEntries.leftAt)));
    await signal(tx, 'credentials', { sessionId });
    noteActivity(tx, { resource: { kind: 'Store', id: store.id } });
    return ok(store);
  });
}
