import { hashPassword, system, verifyPassword } from '@storegraph/auth';
import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { callerCustomer, callerSession, namedStore } from '../../caller.ts';
import { lockCustomer } from '../../customer/lock.ts';
import { beginAttempt, judged } from '../../session/attempts.ts';
import { goodPassword, password as typed } from '../account.ts';
import { passwordOf } from '../lookups.ts';
import { setPassword } from '../password.ts';
import { accounts, type AccountRow } from '../tables.ts';

type Code = InputCode | 'PASSWORD_TOO_SHORT' | 'INVALID_CREDENTIALS' | 'TOO_MANY_ATTEMPTS' | 'NOT_FOUND';

const shape = z.object({ currentPassword: typed, newPassword: typed });

const nobody = () => fail('NOT_FOUND', 'Only a customer with an account can change its password.');
const wrong = () => fail('INVALID_CREDENTIALS', 'This is not the current password.', ['currentPassword']);

export async function customerPasswordChange(ctx: Context, given: unknown): Promise<Result<AccountRow, Code>> {
  const checked = validate(shape, given);
  if (isRefusal(checked)) return checked;
  const { currentPassword, newPassword } = checked.value;
  const chosen = goodPassword(newPassword, 'newPassword');
  if (isRefusal(chosen)) return chosen;
  const customerId = callerCustomer(ctx.identity);
  const store = namedStore(ctx);
  if (!customerId || isRefusal(store)) return nobody();

  // A session that was left open must not be a way to guess the password.
  const attempt = await beginAttempt(ctx, store.value, 'LOG_IN', customerId, (tx) => passwordOf(tx, customerId));
  if (isRefusal(attempt)) return attempt;
  const { attemptId, found } = attempt.value;
  if (!found) return nobody();
  const check = () => verifyPassword(found.passwordHash, currentPassword, { signal: ctx.signal });
  if (!(await judged(ctx, store.value, attemptId, check))) return wrong();
  const hash = await hashPassword(newPassword, { signal: ctx.signal });

  return ctx.as(system(store.value)).db.write(async (tx) => {
    const customer = await lockCustomer(tx, customerId);
    const present = customer && (await passwordOf(tx, customerId));
    if (!present) return nobody();
    // A reset may have come between.
    if (present.passwordHash !== found.passwordHash) return wrong();
    const { accountId } = present;
    await setPassword(tx, { customerId, accountId, hash, by: 'CHANGE', except: callerSession(ctx.identity) }, ctx.clock.now());
    return ok(
      one(
        await tx
          .select()
          .from(accounts)
          .where(own(tx, accounts, eq(accounts.id, accountId))),
      ),
    );
  });
}
