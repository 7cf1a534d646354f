import { sessionStatus } from '@storegraph/auth';
import { fail, isRefusal, ok } from '@storegraph/core';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { callerSession, callerUser } from '../../caller.ts';
import type { SessionRevokeOthersInput } from '../../generated/graphql.ts';
import { lockUser } from '../../user/lock.ts';
import { lockSession, revokeAll } from '../revoke.ts';

const shape = z.object({ keepSessionId: idOf('ses').nullish() });

export async function sessionRevokeOthers(ctx: Context, input: SessionRevokeOthersInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { keepSessionId } = checked.value;
  const userId = callerUser(ctx.identity);
  const keep = keepSessionId ?? callerSession(ctx.identity);
  const notFound = () => fail('NOT_FOUND', 'No such session of yours.', keepSessionId == null ? null : ['keepSessionId']);
  if (!userId || !keep) return notFound();
  return ctx.db.write(async (tx) => {
    const now = ctx.clock.now();
    await lockUser(tx, userId);
    const kept = await lockSession(tx, keep);
    if (kept?.userId !== userId || sessionStatus(kept, now) !== 'ACTIVE') return notFound();
    return ok(await revokeAll(tx, userId, { keep, reason: 'REVOKED', now }));
  });
}
