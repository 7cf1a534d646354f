import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer, equalSecrets, hashToken, opaqueToken, SecretRejected } from './secrets.ts';

const old = { id: 'k1', key: randomBytes(32) };
const recent = { id: 'k2', key: randomBytes(32) };
const sealer = createSealer({ keys: [recent, old] });
const place = 'sto_1|email_settings|smtp_password|ems_1';

describe('a sealed secret', () => {
  it('opens in its own place, whatever it is, and never seals the same way twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, aad) => {
        const sealed = sealer.seal(plain, aad);
        expect(sealer.open(sealed, aad)).toBe(plain);
        expect(sealer.seal(plain, aad)).not.toBe(sealed);
      }),
    );
  });

  it('does not open in another store, table, column or row', () => {
    const sealed = sealer.seal('smtp-password', place);
    for (const moved of [
      'sto_2|email_settings|smtp_password|ems_1',
      'sto_1|other|smtp_password|ems_1',
      'sto_1|email_settings|api_key|ems_1',
      'sto_1|email_settings|smtp_password|ems_2',
      '',
    ]) {
      expect(() => sealer.open(sealed, moved)).toThrow(SecretRejected);
    }
  });

  it('does not open when any part of it was changed', () => {
    const sealed = sealer.seal('smtp-password', place);
    const [version = '', id = '', body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => sealer.open(`${version}.${id}.${changed.toString('base64url')}`, place)).toThrow(SecretRejected);
    }
    for (const text of [
      '',
      'x',
      `v2.${id}.${body}`,
      `v1.k1.${body}`,
      `v1.unknown.${body}`,
      `${sealed}.x`,
      'v1.k2.AAAA',
      `v1.k2.${bytes.subarray(0, 27).toString('base64url')}`,
    ]) {
      expect(() => sealer.open(text, place)).toThrow(SecretRejected);
    }
  });

  it('of an older key opens, and is known to be stale', () => {
    const sealed = createSealer({ keys: [old] }).seal('x', place);
    expect(sealer.open(sealed, place)).toBe('x');
    expect(sealer.isStale(sealed)).toBe(true);
    expect(sealer.isStale(sealer.seal('x', place))).toBe(false);
    expect(() => createSealer({ keys: [recent] }).open(sealed, place)).toThrow(SecretRejected);
  });

  it('needs keys of 32 bytes with plain names', () => {
    expect(() => createSealer({ keys: [] })).toThrow('no current key');
    expect(() => createSealer({ keys: [{ id: 'k', key: randomBytes(16) }] })).toThrow('32 bytes');
    expect(() => createSealer({ keys: [{ id: 'a.b', key: randomBytes(32) }] })).toThrow('needs an id');
  });
});

describe('an opaque token', () => {
  it('has 256 bits behind its prefix, and is stored as its SHA-256', () => {
    const { token, hash } = opaqueToken('sk');
    expect(token).toMatch(/^sk_[\w-]{43}$/);
    expect(hash).toBe(hashToken(token));
    expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(opaqueToken('sk').token).not.toBe(token);
  });

  it('is compared whole', () => {
    expect(equalSecrets('abc', 'abc')).toBe(true);
    for (const [left, right] of [
      ['abc', 'abd'],
      ['abc', 'ab'],
      ['', 'a'],
    ] as const)
      expect(equalSecrets(left, right)).toBe(false);
  });
});
