import { createPrivateKey, createSecretKey } from 'node:crypto';
import { movableClock, newId } from '@storegraph/core';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createTokenIssuer, generateIssuerKey, TokenRejected, type TokenClaims } from './tokens.ts';

const start = new Date('2026-01-01T00:00:00Z');
const key = generateIssuerKey();
const claims: TokenClaims = { kind: 'STAFF', subjectId: newId('usr'), storeId: newId('sto'), sessionId: newId('ses') };

const issuerAt = (clock = movableClock(start), keys = [key], current?: string) =>
  createTokenIssuer({ issuer: 'accounts', keys, current, kinds: ['STAFF', 'PLATFORM'], clock });

describe('an access token', () => {
  it('gives back its claims and lives five minutes', async () => {
    const clock = movableClock(start);
    const issuer = issuerAt(clock);
    const { token, expiresAt } = await issuer.sign(claims);
    expect(expiresAt).toEqual(new Date('2026-01-01T00:05:00Z'));
    expect(await issuer.verify(token)).toEqual({ ...claims, expiresAt });
    clock.advance(304_000);
    await issuer.verify(token);
    clock.advance(1_000);
    await expect(issuer.verify(token)).rejects.toThrow(TokenRejected);
  });

  it('names its key, and stays good while a rotated key is still listed', async () => {
    const next = generateIssuerKey();
    const { token } = await issuerAt().sign(claims);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid });
    const rotating = issuerAt(undefined, [key, next], next.kid);
    await rotating.verify(token);
    expect(decodeProtectedHeader((await rotating.sign(claims)).token).kid).toBe(next.kid);
    await expect(issuerAt(undefined, [next]).verify(token)).rejects.toThrow(TokenRejected);
  });

  it('is published with public keys only', () => {
    const { keys } = issuerAt().jwks();
    expect(keys).toEqual([{ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: key.kid, alg: 'EdDSA', use: 'sig' }]);
  });

  it('of a kind that the issuer may not give is neither signed nor accepted', async () => {
    const customers = createTokenIssuer({ issuer: 'accounts', keys: [key], kinds: ['CUSTOMER'], clock: movableClock(start) });
    await expect(customers.sign(claims)).rejects.toThrow('may not sign tokens of kind STAFF');
    const { token } = await issuerAt().sign(claims);
    await expect(customers.verify(token)).rejects.toThrow(TokenRejected);
  });

  it('is refused when another issuer, key, audience or algorithm made it', async () => {
    const now = start.getTime() / 1000;
    const make = (with_: {
      alg?: string;
      key?: Parameters<SignJWT['sign']>[0];
      issuer?: string;
      audience?: string;
      typ?: string;
      kid?: string;
      claims?: object;
    }) =>
      new SignJWT({ kind: 'STAFF', store: claims.storeId, sid: claims.sessionId, ...with_.claims })
        .setProtectedHeader({ alg: with_.alg ?? 'EdDSA', typ: with_.typ ?? 'at+jwt', kid: with_.kid ?? key.kid })
        .setIssuer(with_.issuer ?? 'accounts')
        .setAudience(with_.audience ?? 'storegraph')
        .setSubject(claims.subjectId)
        .setIssuedAt(now)
        .setExpirationTime(now + 60)
        .sign(with_.key ?? createPrivateKey(key.privateKey));
    const other = generateIssuerKey();
    const x = issuerAt().jwks().keys[0]?.x ?? '';
    const forged = await Promise.all([
      make({ key: createPrivateKey(other.privateKey) }),
      make({ key: createPrivateKey(other.privateKey), kid: other.kid }),
      make({ alg: 'HS256', key: createSecretKey(Buffer.from(x.repeat(2))) }),
      make({ issuer: 'customers' }),
      make({ audience: 'elsewhere' }),
      make({ typ: 'hop+jwt' }),
      make({ claims: { kind: 'SYSTEM' } }),
      make({ claims: { store: 'demo' } }),
    ]);
    const none = forged.map(
      (token) =>
        `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: key.kid })).toString('base64url')}.${token.split('.')[1] ?? ''}.`,
    );
    for (const token of [...forged, ...none, '', 'x.y.z']) await expect(issuerAt().verify(token)).rejects.toThrow(TokenRejected);
    await issuerAt().verify(await make({}));
  });

  it('needs a current key', () => {
    expect(() => issuerAt(undefined, [key], 'kid_other')).toThrow('has no key named kid_other');
    expect(() => issuerAt(undefined, [])).toThrow('has no key named');
  });
});
