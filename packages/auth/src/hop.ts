import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { systemClock, type Clock } from '@storegraph/core';
import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { identityClaim } from './identity-claim.ts';
import type { Identity } from './identity.ts';

const issuer = 'storegraph:gateway';
const algorithm = 'EdDSA';
const type = 'hop+jwt';
const lifeMs = 60_000;
/** A token is not handed out in its last seconds, so that it outlives the request it travels with. */
const renewMs = 15_000;
/** Clocks of two machines may differ by this much. */
const toleranceSeconds = 5;

/** The caller did not prove that the gateway sent it. The message says why and holds nothing of the token. */
export class HopRejected extends Error {
  override readonly name = 'HopRejected';
}

export interface HopSigner {
  /** A token for one subgraph that carries the identity. The same identity gets the same token until that nears its end. */
  sign(identity: Identity, audience: string): Promise<string>;
}

export type HopVerifier = (token: string) => Promise<Identity>;

interface Issued {
  readonly token: Promise<string>;
  readonly renewAt: number;
}

/** `privateKey`: Ed25519, PKCS8 PEM. At most `cacheSize` tokens are kept. */
export function createHopSigner({
  privateKey,
  clock = systemClock,
  cacheSize = 10_000,
}: {
  privateKey: string;
  clock?: Clock;
  cacheSize?: number;
}): HopSigner {
  const key = createPrivateKey(privateKey);
  const issued = new LRUCache<string, Issued>({ max: cacheSize });

  const signNew = (identity: Identity, audience: string, now: number) =>
    new SignJWT({ identity: { ...identity } })
      .setProtectedHeader({ alg: algorithm, typ: type })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(Math.floor((now + lifeMs) / 1000))
      .sign(key);

  return {
    sign(identity, audience) {
      const now = clock.now().getTime();
      const cacheKey = JSON.stringify([
        audience,
        identity.kind,
        identity.storeId,
        identity.subjectId,
        identity.sessionId,
        identity.permissions,
      ]);
      const known = issued.get(cacheKey);
      if (known && now < known.renewAt) return known.token;
      const token = signNew(identity, audience, now);
      issued.set(cacheKey, { token, renewAt: now + lifeMs - renewMs });
      return token;
    },
  };
}

/**
 * Checks tokens that were sent to `audience`. `publicKey`: SPKI PEM of the gateway's key. The verifier throws HopRejected for anything that
 * the gateway did not sign for this subgraph, or that has expired. A token that was found good is not checked again before its end.
 */
export function createHopVerifier({
  publicKey,
  audience,
  clock = systemClock,
  cacheSize = 10_000,
}: {
  publicKey: string;
  audience: string;
  clock?: Clock;
  cacheSize?: number;
}): HopVerifier {
  const key = createPublicKey(publicKey);
  const accepted = new LRUCache<string, { identity: Identity; expiresAt: number }>({ max: cacheSize });

  return async (token) => {
    const now = clock.now();
    const known = accepted.get(token);
    if (known && now.getTime() < known.expiresAt) return known.identity;
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      typ: type,
      issuer,
      audience,
      clockTolerance: toleranceSeconds,
      maxTokenAge: lifeMs / 1000,
      requiredClaims: ['exp', 'iat', 'identity'],
      currentDate: now,
    }).catch((error: unknown) => {
      throw new HopRejected(error instanceof Error ? error.message : 'unreadable token');
    });
    const identity = identityClaim.safeParse(payload['identity']);
    if (!identity.success) throw new HopRejected('the token carries no identity');
    accepted.set(token, { identity: identity.data, expiresAt: (payload.exp ?? 0) * 1000 });
    return identity.data;
  };
}

/** A new key pair for the gateway's hop: PKCS8 and SPKI PEM. */
export function generateHopKeys(): Promise<{ privateKey: string; publicKey: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return Promise.resolve({ privateKey, publicKey });
}
