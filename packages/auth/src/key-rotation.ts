import type { JSONWebKeySet } from 'jose';
import { systemClock, type Clock } from '@storegraph/core';
import { accessTokenLifeSeconds, createTokenIssuer, type IssuerKey, type TokenClaims, type TokenIssuer, type TokenKind } from './tokens.ts';

// What a key is for follows from the times of the keys alone, so nothing has to be switched: every process comes to the same answer by its clock,
// and the only writes are of a new key and of the removal of an old one.

const minute = 60_000;
const day = 24 * 60 * minute;

/** A key signs this long, before the next one does. */
export const signingPeriodMs = 30 * day;

/** A key is published this long before it signs: longer than anybody keeps a key set, and than processes keep their keys, by far. */
export const publishAheadMs = 60 * minute;

/** A key verifies this long after the next one began to sign: until its last token has run out, and for clocks that differ. */
export const retiredKeyMs = accessTokenLifeSeconds * 1000 + 5 * minute;

/** A process may sign and verify with the keys that it knows for so long. */
const knownForMs = minute;

/** A token of a key that is not known makes a process look for new keys, at most this often: nobody can make it look at will. */
const lookAgainMs = 5_000;

export interface KeyTimes {
  readonly kid: string;
  readonly signsFrom: Date;
}

/** `PUBLISHED`: to be known by all before it signs. `RETIRED`: signs no more, its tokens are still good. `EXPIRED`: to be removed. */
export type SigningKeyState = 'PUBLISHED' | 'SIGNING' | 'RETIRED' | 'EXPIRED';

/** What each key is for at a moment. One signs: the one that began last; before any has begun, the first to do so. */
export function signingKeyStates(keys: readonly KeyTimes[], now: Date): ReadonlyMap<string, SigningKeyState> {
  const inOrder = keys.toSorted((one, other) => one.signsFrom.getTime() - other.signsFrom.getTime() || (one.kid < other.kid ? -1 : 1));
  const signing = Math.max(
    0,
    inOrder.findLastIndex(({ signsFrom }) => signsFrom <= now),
  );
  return new Map(
    inOrder.map(({ kid }, index) => {
      if (index === signing) return [kid, 'SIGNING'];
      if (index > signing) return [kid, 'PUBLISHED'];
      const supersededAt = inOrder[index + 1]?.signsFrom ?? now;
      return [kid, now.getTime() - supersededAt.getTime() > retiredKeyMs ? 'EXPIRED' : 'RETIRED'];
    }),
  );
}

/**
 * What is to be done about the keys: `signsFrom` of a new one, if there is to be one, and which to remove. `asked`: somebody wants a new key now,
 * though the present one's time is not over; a new one that is published already is enough for that.
 */
export function keyRotation(
  keys: readonly KeyTimes[],
  now: Date,
  { asked = false }: { readonly asked?: boolean } = {},
): { readonly signsFrom: Date | null; readonly remove: readonly string[] } {
  const states = signingKeyStates(keys, now);
  const has = (state: SigningKeyState) => keys.filter(({ kid }) => states.get(kid) === state);
  const remove = has('EXPIRED').map(({ kid }) => kid);
  const [signing] = has('SIGNING');
  if (!signing) return { signsFrom: now, remove };
  const isDue = asked || now.getTime() >= signing.signsFrom.getTime() + signingPeriodMs - publishAheadMs;
  if (!isDue || has('PUBLISHED').length > 0) return { signsFrom: null, remove };
  return { signsFrom: new Date(now.getTime() + publishAheadMs), remove };
}

/** A signing key as it is stored, opened. */
export interface StoredKey extends IssuerKey, KeyTimes {}

/** Each call brings the source (a request's way to the database, say) from which keys are loaded if it is time. */
export interface RotatingIssuer<Source = void> {
  sign(claims: TokenClaims, source: Source): ReturnType<TokenIssuer['sign']>;
  /** Throws TokenRejected. */
  verify(token: string, source: Source): ReturnType<TokenIssuer['verify']>;
  /** The public halves of all keys that sign, will sign, or still verify. */
  jwks(source: Source): Promise<JSONWebKeySet>;
}

/**
 * A token issuer whose keys come and go while it runs. `load` reads the stored keys, at least one; it is called at first use, once a minute and for
 * a token of a key that is not known. While it fails, the keys that are known go on.
 */
export function createRotatingIssuer<Source = void>({
  issuer,
  kinds,
  load,
  clock = systemClock,
}: {
  issuer: string;
  kinds: readonly TokenKind[];
  load: (source: Source) => Promise<readonly StoredKey[]>;
  clock?: Clock;
}): RotatingIssuer<Source> {
  let known: { readonly keys: readonly StoredKey[]; readonly loadedAt: number } | undefined;
  let loading: Promise<readonly StoredKey[]> | undefined;
  let opened: { readonly name: string; readonly issuer: TokenIssuer } | undefined;
  let triedAt = -Infinity;

  const age = () => (known ? Math.abs(clock.now().getTime() - known.loadedAt) : Infinity);

  async function reload(source: Source): Promise<readonly StoredKey[]> {
    triedAt = clock.now().getTime();
    loading ??= load(source).finally(() => {
      loading = undefined;
    });
    const keys = await loading;
    known = { keys, loadedAt: triedAt };
    return keys;
  }

  async function keysNow(source: Source): Promise<readonly StoredKey[]> {
    if (known && age() < knownForMs) return known.keys;
    if (!known) return reload(source);
    const last = known.keys;
    // Signing must not stop because the database does for a moment; but it is not asked again with every token.
    if (Math.abs(clock.now().getTime() - triedAt) < lookAgainMs && !loading) return last;
    return reload(source).catch(() => last);
  }

  function issuerOf(keys: readonly StoredKey[]): TokenIssuer {
    const states = signingKeyStates(keys, clock.now());
    const good = keys.filter(({ kid }) => states.get(kid) !== 'EXPIRED');
    const signing = good.find(({ kid }) => states.get(kid) === 'SIGNING');
    const name = [signing?.kid, ...good.map(({ kid }) => kid)].join(' ');
    if (opened?.name !== name) opened = { name, issuer: createTokenIssuer({ issuer, keys: good, current: signing?.kid, kinds, clock }) };
    return opened.issuer;
  }

  return {
    sign: async (claims, source) => issuerOf(await keysNow(source)).sign(claims),
    async verify(token, source) {
      const present = issuerOf(await keysNow(source));
      const isNew = !present.knows(token) && Math.abs(clock.now().getTime() - triedAt) >= lookAgainMs;
      const verifier = isNew ? await reload(source).then(issuerOf, () => present) : present;
      return verifier.verify(token);
    },
    jwks: async (source) => issuerOf(await keysNow(source)).jwks(),
  };
}
