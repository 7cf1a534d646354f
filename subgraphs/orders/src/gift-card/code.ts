import { createHmac, randomBytes, randomInt } from 'node:crypto';
import type { Sealer } from '@storegraph/auth';
import type { Id, StoreId } from '@storegraph/core';
import { first, own, owned, storeOf, type Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { giftCardKeys, giftCards, type GiftCardRow } from './tables.ts';

/** Crockford's base 32: no letter that is read as a digit. Sixteen of them are 80 random bits, 60 of which no last four tells. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 16;

/** A new code, as it is shown: `7K3M-9QXT-2BVC-H4RD`. */
export const newCode = (): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)])
    .join('')
    .replace(/(.{4})(?=.)/g, '$1-');

/** A code as it was typed, in the form in which it is hashed: spaces, dashes and case don't count, nor whether O or 0, I, L or 1 was meant. */
export const normalCode = (typed: string): string =>
  typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');

export const lastFourOf = (code: string): string => normalCode(code).slice(-4);

export const hashCode = (key: string, code: string): string =>
  createHmac('sha256', Buffer.from(key, 'base64url')).update(normalCode(code)).digest('base64url');

/**
 * The card with this code, or undefined. A deterministic keyed hash, because a code has to be looked up, and because one of 60 unknown bits could
 * be guessed offline from a plain one. The key is the store's own and sealed by the deployment's.
 */
export async function findGiftCardByCode(tx: Tx, sealer: Sealer, code: string): Promise<GiftCardRow | undefined> {
  const key = await codeKey(tx, sealer);
  if (!key) return undefined;
  return first(
    await tx
      .select()
      .from(giftCards)
      .where(own(tx, giftCards, eq(giftCards.codeHash, hashCode(key, code)))),
  );
}

/** The key of the store's code hashes; made with its first card. */
export async function ensureCodeKey(tx: Tx, sealer: Sealer): Promise<string> {
  const known = await codeKey(tx, sealer);
  if (known) return known;
  const keySealed = sealer.seal(randomBytes(32).toString('base64url'), placeOf(tx));
  // Of two first cards at once, the second waits here and takes the first one's key.
  await tx.insert(giftCardKeys).values(owned(tx, { keySealed })).onConflictDoNothing();
  const made = await codeKey(tx, sealer);
  if (!made) throw new Error('The key of the gift card codes was not kept');
  return made;
}

async function codeKey(tx: Tx, sealer: Sealer): Promise<string | undefined> {
  const row = first(await tx.select().from(giftCardKeys).where(own(tx, giftCardKeys)));
  return row && sealer.open(row.keySealed, placeOf(tx));
}

const placeOf = (tx: Tx) => `${storeOf(tx)}|gift_card_keys|key_sealed|`;

// An answer that is kept under an idempotency key names the code sealed: the same call again is told the same code, and the table tells it to nobody.
export const sealCode = (sealer: Sealer, storeId: StoreId | null, cardId: Id<'gft'>, code: string): string =>
  sealer.seal(code, answerPlace(storeId, cardId));

export const openCode = (sealer: Sealer, storeId: StoreId | null, cardId: Id<'gft'>, sealed: string): string =>
  sealer.open(sealed, answerPlace(storeId, cardId));

const answerPlace = (storeId: StoreId | null, cardId: Id<'gft'>) => `${storeId ?? ''}|idempotency_keys|answer|${cardId}`;
