import { createPrivateKey, createSecretKey } from 'node:crypto';
import { movableClock, newId } from '@storegraph/core';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { createHopSigner, createHopVerifier, generateHopKeys, HopRejected } from './hop.ts';
import { anonymous, system, type Identity } from './identity.ts';

const start = new Date('2026-01-01T00:00:00Z');
const keys = await generateHopKeys();
const staff: Identity = {
  kind: 'STAFF',
  storeId: newId('sto'),
  subjectId: newId('usr'),
  sessionId: newId('ses'),
  permissions: ['orders:read'],
};

let clock = movableClock(start);
let signer = createHopSigner({ privateKey: keys.privateKey, clock });
let verify = createHopVerifier({ publicKey: keys.publicKey, audience: 'orders', clock });

beforeEach(() => {
  clock = movableClock(start);
  signer = createHopSigner({ privateKey: keys.privateKey, clock });
  verify = createHopVerifier({ publicKey: keys.publicKey, audience: 'orders', clock });
});

interface Forgery {
  alg?: string;
  key?: Parameters<SignJWT['sign']>[0];
  issuer?: string;
  audience?: string;
  type?: string;
  identity?: unknown;
  issuedAt?: number;
  expiresAt?: number;
}

/** A token as the gateway makes it, but for what is given. */
function forge({
  alg = 'EdDSA',
  key = createPrivateKey(keys.privateKey),
  issuer = 'storegraph:gateway',
  audience = 'orders',
  type = 'hop+jwt',
  identity = staff,
  ...at
}: Forgery) {
  const now = start.getTime() / 1000;
  return new SignJWT({ identity })
    .setProtectedHeader({ alg, typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(at.issuedAt ?? now)
    .setExpirationTime(at.expiresAt ?? now + 60)
    .sign(key);
}

const withoutSignature = (header: object) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = start.getTime() / 1000;
  return `${part(header)}.${part({ identity: system(null), iss: 'storegraph:gateway', aud: 'orders', iat: now, exp: now + 60 })}.`;
};

describe('the hop', () => {
  it('carries each kind of identity unchanged', async () => {
    const storeId = newId('sto');
    const identities: Identity[] = [
      staff,
      anonymous(),
      anonymous(storeId),
      system(null),
      { ...staff, kind: 'PLATFORM' },
      { kind: 'CUSTOMER', storeId, subjectId: newId('cus'), sessionId: newId('ses'), permissions: [] },
      { kind: 'API_KEY', storeId, subjectId: newId('key'), sessionId: null, permissions: ['customers:read'] },
    ];
    for (const identity of identities) expect(await verify(await signer.sign(identity, 'orders'))).toEqual(identity);
  });

  it('signs once for an identity and subgraph, until the token nears its end', async () => {
    const first = await signer.sign(staff, 'orders');
    clock.advance(44_000);
    expect(await signer.sign({ ...staff }, 'orders')).toBe(first);
    clock.advance(1_000);
    expect(await signer.sign(staff, 'orders')).not.toBe(first);
    expect(await signer.sign({ ...staff, permissions: [] }, 'orders')).not.toBe(await signer.sign(staff, 'orders'));
  });

  it('keeps no more tokens than it may', async () => {
    const small = createHopSigner({ privateKey: keys.privateKey, clock, cacheSize: 1 });
    const first = await small.sign(staff, 'orders');
    await small.sign(anonymous(), 'orders');
    clock.advance(1_000);
    expect(await small.sign(staff, 'orders')).not.toBe(first);
  });

  it('is refused after its minute, also where it was accepted before', async () => {
    const token = await signer.sign(staff, 'orders');
    expect(await verify(token)).toEqual(staff);
    clock.advance(66_000);
    await expect(verify(token)).rejects.toThrow(HopRejected);
  });

  it('is refused by a subgraph that it was not made for, also after the other accepted it', async () => {
    const token = await signer.sign(staff, 'orders');
    await verify(token);
    await expect(createHopVerifier({ publicKey: keys.publicKey, audience: 'customers', clock })(token)).rejects.toThrow(HopRejected);
  });

  it('is refused when the gateway did not sign it', async () => {
    const other = await generateHopKeys();
    const now = start.getTime() / 1000;
    const forgeries: Promise<string>[] = [
      forge({ key: createPrivateKey(other.privateKey) }),
      // The public key as the secret of a symmetric signature: why the algorithm is pinned.
      forge({ alg: 'HS256', key: createSecretKey(Buffer.from(keys.publicKey)) }),
      forge({ issuer: 'accounts' }),
      forge({ audience: 'customers' }),
      forge({ type: 'at+jwt' }),
      forge({ expiresAt: now - 6 }),
      forge({ issuedAt: now - 3600, expiresAt: now + 3600 }),
      forge({ identity: null }),
      forge({ identity: { ...staff, permissions: ['orders:everything'] } }),
      forge({ identity: { ...staff, kind: 'ROOT' } }),
      forge({ identity: { ...staff, subjectId: newId('cus') } }),
      forge({ identity: { ...staff, admin: true } }),
      forge({ identity: { ...system(null), subjectId: newId('usr') } }),
    ];
    for (const token of await Promise.all(forgeries)) await expect(verify(token)).rejects.toThrow(HopRejected);
    expect(await verify(await forge({}))).toEqual(staff);
  });

  it('is refused without a signature, or changed', async () => {
    const token = await signer.sign(staff, 'orders');
    const [header = '', payload = '', signature = ''] = token.split('.');
    const system0 = Buffer.from(payload, 'base64url').toString().replace('STAFF', 'SYSTEM');
    for (const changed of [
      withoutSignature({ alg: 'none', typ: 'hop+jwt' }),
      withoutSignature({ alg: 'EdDSA', typ: 'hop+jwt' }),
      `${header}.${Buffer.from(system0).toString('base64url')}.${signature}`,
      `${header}.${payload}.`,
      '',
      'x',
      'a.b.c',
    ]) {
      await expect(verify(changed)).rejects.toThrow(HopRejected);
    }
  });
});
