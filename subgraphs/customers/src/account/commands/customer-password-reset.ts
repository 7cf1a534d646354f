import { hashPassword, hashToken, oneTimeTokenStatus, system } from '@storegraph/auth';
import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { namedStore } from '../../caller.ts';
import { lockCustomer } from '../../customer/lock.ts';
import { goodPassword, linkToken, password as typed } from '../account.ts';
import { resetOfToken } from '../lookups.ts';
import { setPassword } from '../password.ts';
import { spend } from '../tokens.ts';

type Code = InputCode | 'PASSWORD_TOO_SHORT' | 'INVALID_TOKEN' | 'NO_STORE';

const shape = z.object({ token: linkToken, password: typed });

const badToken = () => fail('INVALID_TOKEN', 'The link is not good any more. Ask for another one.', ['token']);

export async function customerPasswordReset(ctx: Context, given: unknown): Promise<Result<true, Code>> {
  const checked = validate(shape, given);
  if (isRefusal(checked)) return checked;
  const { token, password } = checked.value;
  const chosen = goodPassword(password, 'password');
  if (isRefusal(chosen)) return chosen;
  const store = namedStore(ctx);
  if (isRefusal(store)) return store;

  const reset = await ctx.as(system(store.value)).db.read((tx) => resetOfToken(tx, hashToken(token)));
  if (!reset || oneTimeTokenStatus(reset, ctx.clock.now()) !== 'GOOD') return badToken();
  const hash = await hashPassword(password, { signal: ctx.signal });

  return ctx.as(system(store.value)).db.write(async (tx) => {
    const now = ctx.clock.now();
    // The account may be another customer's by now, after a merge: then the link is good no more.
    const customer = await lockCustomer(tx, reset.customerId);
    const present = await resetOfToken(tx, hashToken(token));
    if (!customer || present?.customerId !== customer.id || !(await spend(tx, present.tokenId, now))) return badToken();
    await setPassword(tx, { customerId: customer.id, accountId: present.accountId, hash, by: 'RESET' }, now);
    return ok(true);
  });
}
