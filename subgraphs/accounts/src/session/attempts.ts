import { createHash } from 'node:crypto';
import { system } from '@storegraph/auth';
import { fail, newId, ok, type Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { and, eq, gt, isNull, or, sql, type SQL } from 'drizzle-orm';
import { allowedFrom, knownAddressMs, limits, underWayMs, windowMs } from './attempt-limit.ts';
import { attempts } from './tables.ts';

type Purpose = keyof typeof limits;

/**
 * Notes an attempt before it is made, so that attempts made at once count each other, and refuses it while its subject or the caller's address
 * has to wait. What is refused is not counted: hammering does not lengthen the wait. Knows subjects by what was typed, whether or not they
 * exist. Gives what `find` finds as well.
 */
export function beginAttempt<T>(ctx: Context, purpose: Purpose, subject: string, find: (tx: Tx) => Promise<T>) {
  const { ip, clock } = ctx;
  const subjectKey = createHash('sha256').update(subject).digest('base64url');
  return ctx.as(system(null)).db.write(async (tx) => {
    // The subject first: an address is on the way of many.
    await lock(tx, `${purpose} of ${subjectKey}`);
    if (ip !== null) await lock(tx, `${purpose} from ${ip}`);
    const now = clock.now();
    if (await mustWait(tx, { purpose, subjectKey, ip, now })) return fail('TOO_MANY_ATTEMPTS', 'Too many attempts. Try again later.');
    const attemptId = newId('att');
    await tx.insert(attempts).values({ id: attemptId, purpose, subjectKey, ip, attemptedAt: now });
    return ok({ attemptId, found: await find(tx) });
  });
}

/** Says how an attempt ended. A successful log-in also clears the failed ones on the account from its address. */
export const settleAttempt = (ctx: Context, id: Id<'att'>, outcome: 'FAILED' | 'SUCCEEDED' | 'NONE') =>
  ctx.as(system(null)).db.write((tx) => tx.update(attempts).set({ outcome }).where(eq(attempts.id, id)));

interface Attempt {
  readonly purpose: Purpose;
  readonly subjectKey: string;
  readonly ip: string | null;
  readonly now: Date;
}

async function mustWait(tx: Tx, attempt: Attempt): Promise<boolean> {
  const { purpose, subjectKey, ip, now } = attempt;
  const free: { subjectFromAddress?: number; subject?: number; address?: number } = limits[purpose];
  const isSubject = eq(attempts.subjectKey, subjectKey);
  const isAddress = ip === null ? isNull(attempts.ip) : eq(attempts.ip, ip);
  const exceeds = async (most: number | undefined, whose: SQL | undefined, since?: SQL) => {
    if (most === undefined) return false;
    return allowedFrom(most, await counted(tx, attempt, and(whose, since))) > now;
  };
  const sinceSuccess = sql`${attempts.attemptedAt} > coalesce((select max(a.attempted_at) from accounts.attempts a
    where a.purpose = ${purpose} and a.subject_key = ${subjectKey} and a.ip is not distinct from ${ip} and a.outcome = 'SUCCEEDED'), '-infinity')`;
  if (await exceeds(free.subjectFromAddress, and(isSubject, isAddress), sinceSuccess)) return true;
  if (ip !== null && (await exceeds(free.address, isAddress))) return true;
  return (await exceeds(free.subject, isSubject)) && !(await hasSucceeded(tx, attempt, and(isSubject, isAddress)));
}

async function counted(tx: Tx, { purpose, now }: Attempt, whose: SQL | undefined) {
  const isUnderWay = and(isNull(attempts.outcome), gt(attempts.attemptedAt, new Date(now.getTime() - underWayMs)));
  const counts = purpose === 'SIGN_UP' ? undefined : or(eq(attempts.outcome, 'FAILED'), isUnderWay);
  const isRecent = gt(attempts.attemptedAt, new Date(now.getTime() - windowMs));
  const [row] = await tx
    .select({ count: sql<string>`count(*)`, lastAt: sql<string | null>`max(${attempts.attemptedAt})` })
    .from(attempts)
    .where(and(eq(attempts.purpose, purpose), whose, isRecent, counts));
  return { count: Number(row?.count ?? 0), lastAt: row?.lastAt == null ? null : new Date(row.lastAt) };
}

/** Whether a log-in from this address succeeded lately: nobody else can keep such a user out. */
async function hasSucceeded(tx: Tx, { purpose, ip, now }: Attempt, whose: SQL | undefined): Promise<boolean> {
  if (purpose !== 'LOG_IN' || ip === null) return false;
  const isRecent = gt(attempts.attemptedAt, new Date(now.getTime() - knownAddressMs));
  const found = await tx
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(eq(attempts.purpose, purpose), whose, isRecent, eq(attempts.outcome, 'SUCCEEDED')))
    .limit(1);
  return found.length > 0;
}

const lock = (tx: Tx, name: string) => tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
