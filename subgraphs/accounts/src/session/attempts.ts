import { createHash } from 'node:crypto';
import {
  attemptAllowedFrom,
  attemptUnderWayMs,
  attemptWindowMs,
  knownAddressMs,
  networkOf,
  system,
  type AttemptCounts,
} from '@storegraph/auth';
import { fail, newId, ok, type Id, type UserId } from '@storegraph/core';
import { one, type Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq, sql } from 'drizzle-orm';
import { limitOf, type Purpose } from './attempt-limit.ts';
import { maxAgentLength } from './open.ts';
import { attempts } from './tables.ts';

/**
 * Notes an attempt before it is made, so that attempts made at once count each other, and refuses it while its subject or the caller's address
 * has to wait. What is refused is not counted: hammering does not lengthen the wait. Knows subjects by what was typed, whether or not they
 * exist. Gives what `find` finds as well; `userOf` says whose account that is, for those who want to see what was tried on theirs.
 */
export function beginAttempt<T>(
  ctx: Context,
  purpose: Purpose,
  subject: string,
  find: (tx: Tx) => Promise<T>,
  userOf: (found: T) => UserId | undefined = () => undefined,
) {
  const { clock } = ctx;
  const ip = networkOf(ctx.ip);
  const subjectKey = createHash('sha256').update(subject).digest('base64url');
  return ctx.as(system(null)).db.write(async (tx) => {
    // The subject first: an address is on the way of many.
    await lock(tx, `${purpose} of ${subjectKey}`);
    if (ip !== null) await lock(tx, `${purpose} from ${ip}`);
    const now = clock.now();
    const allowedFrom = attemptAllowedFrom(limitOf(purpose), await countAttempts(tx, { purpose, subjectKey, ip, now }));
    if (allowedFrom > now) return fail('TOO_MANY_ATTEMPTS', 'Too many attempts. Try again later.');
    const attemptId = newId('att');
    const found = await find(tx);
    const userAgent = ctx.userAgent?.slice(0, maxAgentLength) ?? null;
    // Null rather than nothing, so that the statement is the same for an address that nobody has.
    const userId = userOf(found) ?? null;
    await tx.insert(attempts).values({ id: attemptId, purpose, subjectKey, userId, ip, userAgent, attemptedAt: now });
    return ok({ attemptId, found });
  });
}

/** Says how an attempt ended. A success also clears the failed ones of the subject from its address. `NONE`: without a verdict. */
export const settleAttempt = (ctx: Context, id: Id<'att'>, outcome: 'FAILED' | 'CHALLENGED' | 'SUCCEEDED' | 'NONE') =>
  ctx.as(system(null)).db.write((tx) => tx.update(attempts).set({ outcome }).where(eq(attempts.id, id)));

interface Attempt {
  readonly purpose: Purpose;
  readonly subjectKey: string;
  readonly ip: string | null;
  readonly now: Date;
}

interface Counts extends Record<string, unknown> {
  readonly own: string;
  readonly own_last: string | null;
  readonly subject: string;
  readonly subject_last: string | null;
  readonly address: string;
  readonly address_last: string | null;
  readonly known: boolean;
}

async function countAttempts(tx: Tx, { purpose, subjectKey, ip, now }: Attempt): Promise<AttemptCounts> {
  const ago = (ms: number) => sql`${new Date(now.getTime() - ms).toISOString()}::timestamptz`;
  const counted = one(
    await tx.execute<Counts>(sql`
      with recent as (
        select a.subject_key = ${subjectKey} as mine, a.ip is not distinct from ${ip}::text as here, a.attempted_at as at, a.outcome,
          ${limitOf(purpose).every === true} or a.outcome = 'FAILED' or (a.outcome is null and a.attempted_at > ${ago(attemptUnderWayMs)}) as counts
        from accounts.attempts a
        where a.purpose = ${purpose} and a.attempted_at > ${ago(attemptWindowMs)} and (a.subject_key = ${subjectKey} or a.ip = ${ip}::text)
      ), judged as (
        select r.*, r.mine and r.here and r.at > coalesce(max(r.at) filter (where r.mine and r.here and r.outcome = 'SUCCEEDED') over (), '-infinity') as own
        from recent r
      )
      select count(*) filter (where counts and own) as own, max(at) filter (where counts and own) as own_last,
        count(*) filter (where counts and mine) as subject, max(at) filter (where counts and mine) as subject_last,
        count(*) filter (where counts and here) as address, max(at) filter (where counts and here) as address_last,
        exists (select from accounts.attempts k where k.purpose = ${purpose} and k.subject_key = ${subjectKey} and k.ip = ${ip}::text
          and k.outcome = 'SUCCEEDED' and k.attempted_at > ${ago(knownAddressMs)}) as known
      from judged`),
  );
  const sum = (count: string, lastAt: string | null) => ({ count: Number(count), lastAt: lastAt === null ? null : new Date(lastAt) });
  return {
    subjectFromAddress: sum(counted.own, counted.own_last),
    subject: sum(counted.subject, counted.subject_last),
    address: ip === null ? null : sum(counted.address, counted.address_last),
    knownAddress: counted.known,
  };
}

const lock = (tx: Tx, name: string) => tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
