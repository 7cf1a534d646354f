import { isIPv6 } from 'node:net';
import { system, type Identity } from '@storegraph/auth';
import { fail, ok, type Id, type Result } from '@storegraph/core';
import { own, owned, storeOf, type Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq, sql } from 'drizzle-orm';
import { findGiftCardByCode } from './code.ts';
import { giftCardGuesses, type GiftCardRow } from './tables.ts';

/** Codes that are none, in an hour. A shop's visitors share an address; staff and keys are known, and type for many. */
export const guessLimits = { visitor: 10, member: 100, store: 10_000 } as const;
export const windowMs = 60 * 60 * 1000;

const wholeStore = '*';

/**
 * Looks a code up for somebody who may be guessing: after so many that are none, nothing is looked up for an hour. The look-up and the count are one
 * transaction under the guesser's lock, so that guesses made at once count each other. Unknown, disabled and somebody else's are alike: null, and counted.
 * `customerId`: whose card it may be; any customer's when left out.
 */
export function lookUpCode(
  ctx: Context,
  code: string,
  customerId?: Id<'cus'> | null,
): Promise<Result<GiftCardRow | null, 'TOO_MANY_ATTEMPTS'>> {
  const { identity, clock, ip, services } = ctx;
  const guesser = guesserOf(identity, ip);
  const most = identity.kind === 'CUSTOMER' || identity.kind === 'ANONYMOUS' ? guessLimits.visitor : guessLimits.member;
  return ctx.as(system(identity.storeId)).db.write(async (tx) => {
    const now = clock.now();
    // Until the commit: whoever guesses from there at the same time waits here, and sees this guess counted.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`gift card codes ${storeOf(tx)} ${guesser}`}, 0))`);
    if ((await missesOf(tx, guesser, now)) >= most || (await missesOf(tx, wholeStore, now)) >= guessLimits.store)
      return fail('TOO_MANY_ATTEMPTS', 'Too many codes that are none. Try again later.');
    const card = await findGiftCardByCode(tx, services.sealer, code);
    const foreign = customerId !== undefined && card?.customerId && card.customerId !== customerId;
    if (card && !card.disabledAt && !foreign) return ok(card);
    await count(tx, guesser, now);
    await count(tx, wholeStore, now);
    return ok(null);
  });
}

/** One more in this hour, or the first in a new one. */
async function count(tx: Tx, guesser: string, now: Date): Promise<void> {
  const isOver = sql`${giftCardGuesses.since} <= ${startOfWindow(now).toISOString()}::timestamptz`;
  await tx
    .insert(giftCardGuesses)
    .values(owned(tx, { guesser, misses: 1, since: now }))
    .onConflictDoUpdate({
      target: [giftCardGuesses.storeId, giftCardGuesses.guesser],
      set: {
        misses: sql`case when ${isOver} then 1 else ${giftCardGuesses.misses} + 1 end`,
        since: sql`case when ${isOver} then ${now.toISOString()}::timestamptz else ${giftCardGuesses.since} end`,
      },
    });
}

async function missesOf(tx: Tx, guesser: string, now: Date): Promise<number> {
  const [row] = await tx
    .select()
    .from(giftCardGuesses)
    .where(own(tx, giftCardGuesses, eq(giftCardGuesses.guesser, guesser)));
  return row && row.since > startOfWindow(now) ? row.misses : 0;
}

const startOfWindow = (now: Date) => new Date(now.getTime() - windowMs);

/** Visitors by where they come from, as accounts are for the asking; who works in the store by who they are. */
const guesserOf = (identity: Identity, ip: string | null): string =>
  identity.kind === 'CUSTOMER' || identity.kind === 'ANONYMOUS' || identity.subjectId === null ? networkOf(ip) : identity.subjectId;

/** An IPv4 address, or the /64 that a visitor of IPv6 has to himself. */
export function networkOf(ip: string | null): string {
  if (ip === null) return 'unknown';
  if (!isIPv6(ip)) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped?.[1]) return mapped[1];
  // The URL standard writes an address in one way only, with its longest run of zeros left out.
  const written = new URL(`http://[${ip.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = written.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail ? tail.split(':') : [];
  const all = tail === undefined ? groups : [...groups, ...Array<string>(8 - groups.length - rest.length).fill('0'), ...rest];
  return `${all.slice(0, 4).join(':')}::/64`;
}
