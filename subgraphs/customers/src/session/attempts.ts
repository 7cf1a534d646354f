import { createHash } from 'node:crypto';
import {
  attemptAllowedFrom,
  type AttemptLimit,
  attemptUnderWayMs,
  attemptWindowMs,
  type Counted,
  knownAddressMs,
  networkOf,
  PasswordsBusy,
  system,
} from '@storegraph/auth';
import { fail, newId, ok, toUuid, type Id, type StoreId } from '@storegraph/core';
import { one, own, owned, storeOf, type Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { and, eq, gt, isNull, or, sql, type SQL } from 'drizzle-orm';
import { attempts } from './tables.ts';

type Purpose = (typeof attempts.$inferInsert)['purpose'];

/** In each store. Of log-ins only failures count; of what sends an e-mail each does, lest anybody's mailbox be flooded. */
const limits: Readonly<Record<Purpose, AttemptLimit>> = {
  LOG_IN: { subjectFromAddress: 5, subject: 100, address: 50 },
  SIGN_UP: { subject: 5, address: 100 },
  EMAIL_VERIFICATION: { subject: 3, address: 50 },
  PASSWORD_RESET: { subject: 3, address: 50 },
};

/**
 * Notes an attempt before it is made, so that attempts made at once count each other, and refuses it while its subject or the caller's address
 * has to wait. What is refused is not counted: hammering does not lengthen the wait. Knows subjects by what was typed, whether or not they
 * exist. Gives what `find` finds as well.
 */
export function beginAttempt<T>(ctx: Context, storeId: StoreId, purpose: Purpose, subject: string, find: (tx: Tx) => Promise<T>) {
  const { clock } = ctx;
  const ip = networkOf(ctx.ip);
  const subjectKey = digest(subject);
  return ctx.as(system(storeId)).db.write(async (tx) => {
    // The subject first: an address is on the way of many.
    await lock(tx, `${purpose} of ${subjectKey} in ${storeId}`, `${purpose} from ${ip ?? 'nowhere'} in ${storeId}`);
    const now = clock.now();
    if ((await allowedFrom(tx, { purpose, subjectKey, ip, now })) > now) {
      return fail('TOO_MANY_ATTEMPTS', 'Too many attempts. Try again later.');
    }
    const attemptId = newId('att');
    await tx.insert(attempts).values(owned(tx, { id: attemptId, purpose, subjectKey, ip, attemptedAt: now }));
    return ok({ attemptId, found: await find(tx) });
  });
}

/** Says how an attempt ended. A success also clears the failed log-ins of the subject from its address. */
const settleAttempt = (ctx: Context, storeId: StoreId, id: Id<'att'>, outcome: 'FAILED' | 'SUCCEEDED' | 'NONE') =>
  ctx.as(system(storeId)).db.write((tx) =>
    tx
      .update(attempts)
      .set({ outcome })
      .where(own(tx, attempts, eq(attempts.id, id))),
  );

/**
 * Runs a check of a password as a noted attempt. Where there is no verdict (too many wait, the caller is gone) there is no failure to count.
 */
export async function judged(ctx: Context, storeId: StoreId, attemptId: Id<'att'>, check: () => Promise<boolean>): Promise<boolean> {
  const passed = await check().catch(async (error: unknown) => {
    if (error instanceof PasswordsBusy) await settleAttempt(ctx, storeId, attemptId, 'NONE');
    throw error;
  });
  await settleAttempt(ctx, storeId, attemptId, passed ? 'SUCCEEDED' : 'FAILED');
  return passed;
}

interface Attempt {
  readonly purpose: Purpose;
  readonly subjectKey: string;
  readonly ip: string | null;
  readonly now: Date;
}

/** From when on the attempt is allowed. One statement, which the indexes of subjects and of addresses answer together. */
async function allowedFrom(tx: Tx, { purpose, subjectKey, ip, now }: Attempt): Promise<Date> {
  const isSubject = sql`${attempts.subjectKey} = ${subjectKey}`;
  const isAddress = ip === null ? sql`${attempts.ip} is null` : sql`${attempts.ip} = ${ip}`;
  const succeeded = sql`select max(a.attempted_at) from customers.attempts a where a.store_id = ${toUuid(storeOf(tx))}::uuid and a.purpose = ${purpose}
    and a.subject_key = ${subjectKey} and ${ip === null ? sql`a.ip is null` : sql`a.ip = ${ip}`} and a.outcome = 'SUCCEEDED'`;
  const isUnderWay = and(isNull(attempts.outcome), gt(attempts.attemptedAt, new Date(now.getTime() - attemptUnderWayMs)));
  const counts = purpose === 'LOG_IN' ? or(eq(attempts.outcome, 'FAILED'), isUnderWay) : undefined;
  const isRecent = gt(attempts.attemptedAt, new Date(now.getTime() - attemptWindowMs));
  const count = (which: SQL) => sql<string>`count(*) filter (where ${which})`;
  const last = (which: SQL) => sql<string | null>`max(${attempts.attemptedAt}) filter (where ${which})`;
  const ofBoth = sql`${isSubject} and ${isAddress} and ${attempts.attemptedAt} > coalesce((${succeeded}), '-infinity')`;
  const row = one(
    await tx
      .select({
        own: count(ofBoth),
        ownAt: last(ofBoth),
        subject: count(isSubject),
        subjectAt: last(isSubject),
        address: count(isAddress),
        addressAt: last(isAddress),
        succeededAt: sql<string | null>`(${succeeded})`,
      })
      .from(attempts)
      .where(own(tx, attempts, eq(attempts.purpose, purpose), or(isSubject, isAddress), isRecent, counts)),
  );
  const knownSince = new Date(now.getTime() - knownAddressMs);
  return attemptAllowedFrom(limits[purpose], {
    subjectFromAddress: counted(row.own, row.ownAt),
    subject: counted(row.subject, row.subjectAt),
    address: ip === null ? null : counted(row.address, row.addressAt),
    knownAddress: ip !== null && row.succeededAt !== null && new Date(row.succeededAt) > knownSince,
  });
}

const counted = (count: string, lastAt: string | null): Counted => ({
  count: Number(count),
  lastAt: lastAt === null ? null : new Date(lastAt),
});

const digest = (subject: string): string => createHash('sha256').update(subject).digest('base64url');

const lock = (tx: Tx, subject: string, address: string) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${subject}, 0)), pg_advisory_xact_lock(hashtextextended(${address}, 0))`);
