import { hashToken, system } from '@storegraph/auth';
import { fail, isRefusal, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { refreshTokenOwner } from '../../account/lookups.ts';
import { callerCustomer, callerSession, namedStore } from '../../caller.ts';
import { lockCustomer } from '../../customer/lock.ts';
import { endSession, endSessions, findSession, type SessionRow } from '../revoke.ts';

type Code = InputCode | 'NOT_FOUND' | 'NO_STORE';

const shape = z.object({
  refreshToken: z.string().min(1).max(200).nullish(),
  sessionId: idOf('cse').nullish(),
  all: z.boolean().nullish(),
});

export async function customerSessionRevoke(ctx: Context, given: unknown): Promise<Result<SessionRow, Code>> {
  const checked = validate(shape, given);
  if (isRefusal(checked)) return checked;
  const { refreshToken, sessionId, all } = checked.value;
  if (refreshToken != null && sessionId != null) return refuse([exclusive('refreshToken'), exclusive('sessionId')]);
  const store = namedStore(ctx);
  if (isRefusal(store)) return store;

  return ctx.as(system(store.value)).db.write(async (tx) => {
    const now = ctx.clock.now();
    const field = refreshToken != null ? ['refreshToken'] : sessionId != null ? ['sessionId'] : null;
    const id = refreshToken != null ? await ofToken(tx, refreshToken) : (sessionId ?? callerSession(ctx.identity));
    const session = id && (await findSession(tx, id));
    // Who holds a refresh token may end its session without an access token, which may have expired; everybody else only their own.
    const isTheirs = refreshToken != null || session?.customerId === callerCustomer(ctx.identity);
    if (!session || !isTheirs) return fail('NOT_FOUND', 'No such session of yours.', field);
    if (all) {
      await lockCustomer(tx, session.customerId);
      await endSessions(tx, session.customerId, 'LOGGED_OUT', now);
    } else {
      await endSession(tx, session, 'LOGGED_OUT', now);
    }
    return ok((await findSession(tx, session.id)) ?? session);
  });
}

async function ofToken(tx: Tx, token: string): Promise<Id<'cse'> | undefined> {
  return (await refreshTokenOwner(tx, hashToken(token)))?.sessionId;
}

const exclusive = (field: string): Problem<'INVALID'> => ({ code: 'INVALID', message: 'Name a session in one way only.', field: [field] });
