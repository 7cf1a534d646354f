import { movableClock, newId } from '@storegraph/core';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createRotatingIssuer,
  keyRotation,
  publishAheadMs,
  retiredKeyMs,
  signingKeyStates,
  signingPeriodMs,
  type StoredKey,
} from './key-rotation.ts';
import { generateIssuerKey, TokenRejected } from './tokens.ts';

const start = new Date('2026-11-20T12:00:00.000Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const key = (kid: string, at: number) => ({ kid, signsFrom: after(at) });

describe('the states of signing keys', () => {
  const keys = [key('c', publishAheadMs), key('a', -signingPeriodMs), key('b', 0)];
  const at = (ms: number) => Object.fromEntries(signingKeyStates(keys, after(ms)));

  it('follow from their times: published, signing, retired, expired', () => {
    expect(at(-1)).toEqual({ a: 'SIGNING', b: 'PUBLISHED', c: 'PUBLISHED' });
    expect(at(0)).toEqual({ a: 'RETIRED', b: 'SIGNING', c: 'PUBLISHED' });
    expect(at(retiredKeyMs)).toEqual({ a: 'RETIRED', b: 'SIGNING', c: 'PUBLISHED' });
    expect(at(retiredKeyMs + 1)).toEqual({ a: 'EXPIRED', b: 'SIGNING', c: 'PUBLISHED' });
    expect(at(publishAheadMs)).toEqual({ a: 'EXPIRED', b: 'RETIRED', c: 'SIGNING' });
  });

  it('let the first key sign though its time has not come, and one of two that began together', () => {
    expect(Object.fromEntries(signingKeyStates([key('a', 1)], start))).toEqual({ a: 'SIGNING' });
    expect(Object.fromEntries(signingKeyStates([key('b', 0), key('a', 0)], start))).toEqual({ a: 'RETIRED', b: 'SIGNING' });
  });
});

describe('rotation', () => {
  it('makes the first key at once, and the next one an hour before the thirty days are over', () => {
    expect(keyRotation([], start)).toEqual({ signsFrom: start, remove: [] });
    const due = signingPeriodMs - publishAheadMs;
    expect(keyRotation([key('a', 0)], after(due - 1))).toEqual({ signsFrom: null, remove: [] });
    expect(keyRotation([key('a', 0)], after(due))).toEqual({ signsFrom: after(signingPeriodMs), remove: [] });
  });
  it('is not done twice, and removes what has expired', () => {
    const keys = [key('z', -signingPeriodMs), key('a', 0), key('b', signingPeriodMs)];
    expect(keyRotation(keys, after(signingPeriodMs - 1))).toEqual({ signsFrom: null, remove: ['z'] });
    expect(keyRotation(keys, after(0), { asked: true })).toEqual({ signsFrom: null, remove: [] });
  });
  it('can be asked for before its time', () => {
    expect(keyRotation([key('a', 0)], after(1), { asked: true })).toEqual({ signsFrom: after(1 + publishAheadMs), remove: [] });
  });
});

describe('an issuer whose keys come and go', () => {
  const claims = { kind: 'STAFF', subjectId: newId('usr'), storeId: null, sessionId: newId('ses') } as const;
  const stored = (at: Date): StoredKey => ({ ...generateIssuerKey(), signsFrom: at });
  let clock = movableClock(start);
  let table: StoredKey[] = [];
  let loads = 0;
  let down = false;
  const open = () =>
    createRotatingIssuer({
      issuer: 'accounts',
      kinds: ['STAFF'],
      clock,
      load: () => {
        loads += 1;
        return down ? Promise.reject(new Error('down')) : Promise.resolve([...table]);
      },
    });
  const kidOf = (token: string) => (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;

  beforeEach(() => {
    clock = movableClock(start);
    table = [stored(start)];
    loads = 0;
    down = false;
  });

  it('changes keys in all processes at one moment, and tokens of before stay good until they run out', async () => {
    const [one, other] = [open(), open()];
    const first = await one.sign(claims);
    const next = stored(after(publishAheadMs));
    table.push(next);
    clock.advance(publishAheadMs - 1);
    const before = await one.sign(claims);
    expect(kidOf(before.token)).toBe(kidOf(first.token));
    clock.advance(1);
    const since = await one.sign(claims);
    expect(kidOf(since.token)).toBe(next.kid);
    expect(kidOf((await other.sign(claims)).token)).toBe(next.kid);
    for (const { token } of [before, since]) expect(await other.verify(token)).toMatchObject(claims);
    clock.advance(300_000 - 1000);
    expect(await other.verify(before.token)).toMatchObject(claims);
    expect((await other.jwks()).keys).toHaveLength(2);
    clock.advance(retiredKeyMs);
    expect((await other.jwks()).keys.map(({ kid }) => kid)).toEqual([next.kid]);
    await expect(other.verify(before.token)).rejects.toThrow(TokenRejected);
  });

  it('finds a key that it does not know yet, and does not look for each forged token', async () => {
    const issuer = open();
    await issuer.sign(claims);
    clock.advance(10_000);
    const newer = stored(after(10_000));
    table.push(newer);
    const { token } = await open().sign(claims);
    loads = 0;
    expect(await issuer.verify(token)).toMatchObject(claims);
    expect([kidOf(token), loads]).toEqual([newer.kid, 1]);
    const forger = createRotatingIssuer({ issuer: 'accounts', kinds: ['STAFF'], clock, load: () => Promise.resolve([stored(start)]) });
    loads = 0;
    const forged = await forger.sign(claims);
    for (let count = 0; count < 20; count += 1) await expect(issuer.verify(forged.token)).rejects.toThrow(TokenRejected);
    await expect(issuer.verify('nonsense')).rejects.toThrow(TokenRejected);
    expect(loads).toBeLessThanOrEqual(1);
  });

  it('forgets a removed key within a minute, and goes on with what it knows while keys can not be read', async () => {
    const issuer = open();
    const { token } = await issuer.sign(claims);
    down = true;
    clock.advance(120_000);
    expect(await issuer.verify(token)).toMatchObject(claims);
    expect(await issuer.sign(claims)).toBeDefined();
    expect(loads).toBe(2);
    down = false;
    table = [stored(start)];
    clock.advance(60_000);
    await expect(issuer.verify(token)).rejects.toThrow(TokenRejected);
  });
});
