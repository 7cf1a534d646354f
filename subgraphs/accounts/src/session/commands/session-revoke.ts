import { hashToken } from '@storegraph/auth';
import { fail, isRefusal, ok, refuse, type Id, type Problem, type Result, type UserId } from '@storegraph/core';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { callerSession, callerUser, provenUser } from '../../caller.ts';
import type { SessionRevokeInput } from '../../generated/graphql.ts';
import { refreshTokenOwner } from '../../lookups.ts';
import { lockSession, revoke } from '../revoke.ts';

const shape = z.object({ refreshToken: z.string().min(1).max(200).nullish(), sessionId: idOf('ses').nullish() });

export async function sessionRevoke(ctx: Context, input: SessionRevokeInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { refreshToken, sessionId } = checked.value;
  if (refreshToken != null && sessionId != null) return refuse([exclusive('refreshToken'), exclusive('sessionId')]);

  const named = refreshToken == null ? ownSession(ctx, sessionId ?? null) : await sessionOfToken(ctx, refreshToken);
  if (isRefusal(named)) return named;
  const { id, userId } = named.value;
  return ctx.as(provenUser(userId, null, id)).db.write(async (tx) => {
    const session = await lockSession(tx, id);
    if (session?.userId !== userId) return fail('NOT_FOUND', 'No such session of yours.', ['sessionId']);
    return ok(session.revokedAt === null ? await revoke(tx, session, 'LOGGED_OUT', ctx.clock.now()) : session);
  });
}

type Named = Result<{ id: Id<'ses'>; userId: UserId }, 'NOT_FOUND'>;

/** Who holds a refresh token may end its session without an access token, which may have expired. */
async function sessionOfToken({ db }: Context, token: string): Promise<Named> {
  const owner = await db.read((tx) => refreshTokenOwner(tx, hashToken(token)));
  return owner ? ok({ id: owner.sessionId, userId: owner.userId }) : fail('NOT_FOUND', 'No such session.', ['refreshToken']);
}

function ownSession({ identity }: Context, sessionId: Id<'ses'> | null): Named {
  const userId = callerUser(identity);
  const id = sessionId ?? callerSession(identity);
  if (userId && id) return ok({ id, userId });
  return fail('NOT_FOUND', 'No such session of yours.', sessionId === null ? null : ['sessionId']);
}

const exclusive = (field: string): Problem<'INVALID'> => ({ code: 'INVALID', message: 'Name a session in one way only.', field: [field] });
