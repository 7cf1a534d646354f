import { sessionStatus } from '@storegraph/auth';
import { fail, ok } from '@storegraph/core';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerSession, callerUser } from '../../caller.ts';
import type { SessionSwitchStoreInput } from '../../generated/graphql.ts';
import { ownMemberships } from '../../lookups.ts';
import { lockSession } from '../revoke.ts';
import { sessions } from '../tables.ts';
import { membershipToEnter, sessionTokens, tokenKind } from '../tokens.ts';

export async function sessionSwitchStore(ctx: Context, input: SessionSwitchStoreInput) {
  const userId = callerUser(ctx.identity);
  const id = callerSession(ctx.identity);
  if (!userId || !id) return fail('NOT_FOUND', 'Only a session can move to another store.');
  const memberships = await ctx.db.read((tx) => ownMemberships(tx));
  const membership = membershipToEnter(memberships, readId('sto', input.storeId));
  if (!membership) return fail('NOT_FOUND', 'No such store of yours.', ['storeId']);

  const { store } = membership;
  const kind = await ctx.as({ ...ctx.identity, storeId: store.id }).db.write(async (tx) => {
    const now = ctx.clock.now();
    const session = await lockSession(tx, id);
    if (!session || sessionStatus(session, now) !== 'ACTIVE') return null;
    await tx.update(sessions).set({ currentStoreId: store.id, lastUsedAt: now }).where(eq(sessions.id, id));
    return tokenKind(tx, userId);
  });
  if (!kind) return fail('NOT_FOUND', 'The session has ended.');
  return ok(await sessionTokens(ctx, { id, userId, kind, store }, null));
}
