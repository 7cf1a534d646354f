import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { newId, systemClock, type Clock, type Id, type StoreId } from '@storegraph/core';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, SignJWT, type JSONWebKeySet, type JWK } from 'jose';
import { z } from 'zod';

const algorithm = 'EdDSA';
const type = 'at+jwt';
const audience = 'storegraph';
const toleranceSeconds = 5;

/** How long an access token is good. */
export const accessTokenLifeSeconds = 300;

/** The access token is not one of this issuer's, or has expired. */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
}

export type TokenKind = 'STAFF' | 'PLATFORM' | 'CUSTOMER';

export interface TokenClaims {
  readonly kind: TokenKind;
  readonly subjectId: Id;
  readonly storeId: StoreId | null;
  readonly sessionId: Id;
}

/** `privateKey`: Ed25519, PKCS8 PEM. `kid` names it in the tokens and in the JWKS. */
export interface IssuerKey {
  readonly kid: string;
  readonly privateKey: string;
}

export interface TokenIssuer {
  sign(claims: TokenClaims): Promise<{ token: string; expiresAt: Date }>;
  /** The claims of one of this issuer's own, unexpired tokens. Throws TokenRejected. */
  verify(token: string): Promise<TokenClaims & { expiresAt: Date }>;
  jwks(): JSONWebKeySet;
  /** Whether the token names one of the keys. Says nothing of whether it is good. */
  knows(token: string): boolean;
}

const idText = z.custom<Id>((value) => typeof value === 'string' && /^[a-z]+_[0-9a-z]{26}$/.test(value));
const storeText = z.custom<StoreId>((value) => typeof value === 'string' && /^sto_[0-9a-z]{26}$/.test(value));
const payloadShape = z.object({
  kind: z.enum(['STAFF', 'PLATFORM', 'CUSTOMER']),
  sub: idText,
  store: storeText.nullable(),
  sid: idText,
  exp: z.number(),
});

/**
 * Issues and checks the access tokens of one issuer ("accounts", "customers"). Signs with the key named `current`; tokens of the other `keys`
 * stay good until they expire, which is how a key is rotated: add the new one, make it current, remove the old one after a token's life.
 * Only `kinds` can be signed, and a token of another kind is refused, whoever signed it.
 */
export function createTokenIssuer({
  issuer,
  keys,
  current = keys[0]?.kid,
  kinds,
  ttlSeconds = accessTokenLifeSeconds,
  clock = systemClock,
}: {
  issuer: string;
  keys: readonly IssuerKey[];
  current?: string | undefined;
  kinds: readonly TokenKind[];
  ttlSeconds?: number;
  clock?: Clock;
}): TokenIssuer {
  const signing = keys.find(({ kid }) => kid === current);
  if (!signing) throw new Error(`The token issuer ${issuer} has no key named ${current ?? '(none)'}.`);
  const signingKey = createPrivateKey(signing.privateKey);
  const jwks = { keys: keys.map(publicJwk) };
  const keySet = createLocalJWKSet(jwks);

  return {
    async sign({ kind, subjectId, storeId, sessionId }) {
      if (!kinds.includes(kind)) throw new Error(`The token issuer ${issuer} may not sign tokens of kind ${kind}.`);
      const issuedAt = Math.floor(clock.now().getTime() / 1000);
      const token = await new SignJWT({ kind, store: storeId, sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: signing.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subjectId)
        .setJti(newId('tok'))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ttlSeconds)
        .sign(signingKey);
      return { token, expiresAt: new Date((issuedAt + ttlSeconds) * 1000) };
    },
    async verify(token) {
      const { payload } = await jwtVerify(token, keySet, {
        algorithms: [algorithm],
        typ: type,
        issuer,
        audience,
        clockTolerance: toleranceSeconds,
        requiredClaims: ['exp', 'iat', 'sub', 'sid'],
        currentDate: clock.now(),
      }).catch((error: unknown) => {
        throw new TokenRejected(error instanceof Error ? error.message : 'unreadable token');
      });
      const claims = payloadShape.safeParse(payload);
      if (!claims.success || !kinds.includes(claims.data.kind)) throw new TokenRejected('the token carries other claims');
      const { kind, sub, store, sid, exp } = claims.data;
      return { kind, subjectId: sub, storeId: store, sessionId: sid, expiresAt: new Date(exp * 1000) };
    },
    jwks: () => jwks,
    knows: (token) => keys.some(({ kid }) => kid === namedKey(token)),
  };
}

/** A new signing key, PKCS8 PEM, with a name of its own. */
export function generateIssuerKey(): IssuerKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { kid: newId('kid'), privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function namedKey(token: string): unknown {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
}

const publicJwk = ({ kid, privateKey }: IssuerKey): JWK => ({
  ...createPublicKey(privateKey).export({ format: 'jwk' }),
  kid,
  alg: algorithm,
  use: 'sig',
});
