import { fail, isRefusal, newId, ok } from '@storegraph/core';
import { first, own, owned } from '@storegraph/database';
import { idOf, noteActivity, text, validate, type Context } from '@storegraph/subgraph';
import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { callerSession, callerUser } from '../../caller.ts';
import type { PlatformStoreEnterInput } from '../../generated/graphql.ts';
import { signedTokens } from '../../session/tokens.ts';
import { platformLoaders } from '../queries.ts';
import { platformEntries } from '../tables.ts';

const shape = z.object({ storeId: idOf('sto'), reason: text(500) });

/** A stay ends this long after it began, whatever happens in it. */
const stayMs = 60 * 60_000;

export async function platformStoreEnter(ctx: Context, input: PlatformStoreEnterInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { storeId, reason } = checked.value;
  const userId = callerUser(ctx.identity);
  const sessionId = callerSession(ctx.identity);
  if (!userId || !sessionId) return fail('NOT_FOUND', 'Only a session can enter a store.');
  const store = await ctx.load(platformLoaders).storeById.load(storeId);
  if (!store) return fail('NOT_FOUND', 'No such store.', ['storeId']);

  // From here on the caller acts in the store, so that its log tells of the stay.
  await ctx.as({ ...ctx.identity, storeId, permissions: [] }).db.write(async (tx) => {
    const now = ctx.clock.now();
    const { userId: whose, sessionId: session, reason: why, leftAt, expiresAt } = platformEntries;
    const isOpen = and(eq(whose, userId), eq(session, sessionId), eq(why, reason), isNull(leftAt), gt(expiresAt, now));
    const open = await tx
      .select({ id: platformEntries.id })
      .from(platformEntries)
      .where(own(tx, platformEntries, isOpen))
      .orderBy(desc(expiresAt))
      .limit(1);
    // The same reason again asks for another token of the same stay, and does not make it longer.
    if (!first(open)) {
      const stay = { userId, sessionId, reason, enteredAt: now, expiresAt: new Date(now.getTime() + stayMs) };
      await tx.insert(platformEntries).values(owned(tx, { id: newId('ent'), ...stay }));
    }
    noteActivity(tx, { reason, resource: { kind: 'Store', id: storeId } });
    return ok(true);
  });
  return ok(await signedTokens(ctx, { id: sessionId, userId, kind: 'PLATFORM', store }, null));
}
