import { hashToken, oneTimeTokenStatus, system, verifyPassword } from '@storegraph/auth';
import { fail, isRefusal, newId, ok, type Result } from '@storegraph/core';
import { one, own, owned, type Tx } from '@storegraph/database';
import { customerAccountOpened, emit, erasePersonal } from '@storegraph/events';
import { validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { namedStore } from '../../caller.ts';
import { consentsKept } from '../../consent/sign-up.ts';
import { recordConsents } from '../../consent/write.ts';
import { contactAddress } from '../../contact-point/contact-point.ts';
import { changeCustomer } from '../../customer/change.ts';
import { fullName } from '../../customer/customer.ts';
import type { CustomerRow } from '../../customer/tables.ts';
import { beginAttempt, judged } from '../../session/attempts.ts';
import { openSession, sessionTokens, type SessionTokens } from '../../session/open.ts';
import { linkToken, password as typed } from '../account.ts';
import { claimAddress, type Newcomer } from '../claim.ts';
import { signUpOfToken, type SignUpOfToken } from '../lookups.ts';
import { accounts, passwords, signUps } from '../tables.ts';
import { spend } from '../tokens.ts';

type Code = InputCode | 'INVALID_TOKEN' | 'INVALID_CREDENTIALS' | 'TOO_MANY_ATTEMPTS' | 'ACCOUNT_EXISTS' | 'DISABLED' | 'NO_STORE';

const shape = z.object({ token: linkToken, password: typed });

const badToken = () => fail('INVALID_TOKEN', 'The link is not good any more. Sign up once more.', ['token']);

export async function customerEmailVerify(ctx: Context, given: unknown): Promise<Result<SessionTokens, Code>> {
  const checked = validate(shape, given);
  if (isRefusal(checked)) return checked;
  const store = namedStore(ctx);
  if (isRefusal(store)) return store;
  const { token, password } = checked.value;
  const self = ctx.as(system(store.value));

  const signUp = await self.db.read((tx) => signUpOfToken(tx, hashToken(token)));
  if (!signUp || oneTimeTokenStatus(signUp, ctx.clock.now()) !== 'GOOD') return badToken();

  // The token shows who reads the address, the password that it is they who signed up: else anybody could sign up with an address of somebody
  // else, wait until that person follows the link, and then log in with the password that only they know.
  const attempt = await beginAttempt(ctx, store.value, 'LOG_IN', signUp.email, () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;
  const check = () => verifyPassword(signUp.passwordHash, password, { signal: ctx.signal });
  if (!(await judged(ctx, store.value, attempt.value.attemptId, check))) {
    return fail('INVALID_CREDENTIALS', 'This is not the password of the sign-up.', ['password']);
  }
  const opened = await ctx.as(system(store.value)).db.write((tx) => openAccount(tx, ctx, signUp));
  return isRefusal(opened) ? opened : ok(await sessionTokens(ctx, store.value, opened.value));
}

/** Locks the customer, then the link, then the sign-up, as erasing a customer does. */
async function openAccount(tx: Tx, ctx: Context, { signUpId, tokenId, passwordHash }: SignUpOfToken) {
  const now = ctx.clock.now();
  const { firstName, lastName, language, email, consents } = signUps;
  const isIt = own(tx, signUps, eq(signUps.id, signUpId));
  const [signUp] = await tx.select({ firstName, lastName, language, email, consents }).from(signUps).where(isIt);
  const address = signUp && contactAddress('EMAIL', signUp.email);
  if (!address) return badToken();

  const found = await claimAddress(tx, address, signUp, now);
  if (isRefusal(found)) return found;
  const { customer, claimed } = found.value;
  // Of two who follow the same link at once, the second finds it used.
  if (!(await spend(tx, tokenId, now))) return badToken();
  if (claimed) await introduce(tx, customer, signUp);
  const said = consentsKept(signUp.consents);
  if (said)
    await recordConsents(
      { identity: ctx.identity, ip: said.ip, userAgent: said.userAgent, clock: { now: () => said.at } },
      tx,
      customer.id,
      said.consents,
    );

  const values = { id: newId('acc'), customerId: customer.id, createdAt: now, passwordChangedAt: now };
  const { id: accountId } = one(await tx.insert(accounts).values(owned(tx, values)).returning({ id: accounts.id }));
  await tx.insert(passwords).values(owned(tx, { accountId, hash: passwordHash }));
  await tx.delete(signUps).where(isIt);
  // What it told is the customer's now, and goes with the customer.
  await erasePersonal(tx, signUpId);
  await emit(tx, customerAccountOpened({ customerId: customer.id, accountId, claimed }));
  return ok(await openSession(tx, ctx, { accountId, customerId: customer.id }));
}

/** A customer whom the store knew by an address alone now has a name, and a language. */
async function introduce(tx: Tx, customer: CustomerRow, { firstName, lastName, language }: Newcomer): Promise<void> {
  const isNamed = fullName(customer) !== null;
  const named = isNamed ? {} : { ...(firstName === null ? {} : { firstName }), ...(lastName === null ? {} : { lastName }) };
  const values = { ...named, ...(customer.language === null && language !== null ? { language } : {}) };
  const changed = Object.keys(values) as (keyof typeof values)[];
  if (changed.length > 0) await changeCustomer(tx, customer, values, changed);
}
