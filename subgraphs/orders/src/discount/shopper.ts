import { createHash } from 'node:crypto';
import { system } from '@storegraph/auth';
import { fail, ok, type Result, type StoreId } from '@storegraph/core';
import { first, own, owned, type Tx } from '@storegraph/database';
import { readId, type Context } from '@storegraph/subgraph';
import { eq, sql } from 'drizzle-orm';
import { networkOf } from '../gift-card/guess.ts';
import { evaluateDiscounts, type DiscountRequest, type Evaluation } from './evaluate.ts';
import { discountGuesses } from './tables.ts';

/** As many codes that are not theirs may a shopper try in as long a time: enough for whoever mistypes, nothing for whoever searches. */
export const freeMisses = 20;
export const windowMs = 15 * 60_000;

/**
 * What `evaluateDiscounts` says, for a customer or a visitor: of themselves, by the counters of the whole store, and only while they have not
 * tried too many codes that are not theirs. They are known by where they come from, as an account is for the asking. What one shopper tries at once is looked at one after the other, so that a thousand tries at once
 * are counted as a thousand; honest ones leave no trace.
 */
export async function evaluateForShopper(
  ctx: Context,
  storeId: StoreId,
  request: Omit<DiscountRequest, 'customerId'>,
): Promise<Result<Evaluation, 'RATE_LIMITED'>> {
  const { kind, subjectId } = ctx.identity;
  const customerId = kind === 'CUSTOMER' ? readId('cus', subjectId) : null;
  return ctx.as(system(storeId)).db.write(async (tx) => {
    const guesser = digest(networkOf(ctx.ip));
    const isTheirs = own(tx, discountGuesses, eq(discountGuesses.guesser, guesser));
    if (request.codes.length > 0)
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`codes of ${storeId} ${guesser}`}, 0))`);
    const known = request.codes.length > 0 ? first(await tx.select().from(discountGuesses).where(isTheirs)) : undefined;
    const recent = known && known.since.getTime() > request.at.getTime() - windowMs ? known : undefined;
    if (recent && recent.misses >= freeMisses) return fail('RATE_LIMITED', 'Too many codes were tried. Try again later.');

    const evaluation = await evaluateDiscounts(tx, { ...request, customerId });
    const misses = evaluation.refused.filter(({ reason }) => reason === 'UNKNOWN_CODE' || reason === 'WRONG_CUSTOMER').length;
    if (misses > 0) await note(tx, guesser, { since: recent?.since ?? request.at, misses: (recent?.misses ?? 0) + misses });
    return ok(evaluation);
  });
}

const note = (tx: Tx, guesser: string, tries: { readonly since: Date; readonly misses: number }) =>
  tx
    .insert(discountGuesses)
    .values(owned(tx, { guesser, ...tries }))
    .onConflictDoUpdate({ target: [discountGuesses.storeId, discountGuesses.guesser], set: tries });

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');
