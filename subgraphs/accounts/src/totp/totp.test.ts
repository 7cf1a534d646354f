import { TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { acceptedStep, newTotpSecret, otpauthUri, totpCode } from './totp.ts';

// RFC 6238, appendix B: the ASCII secret 12345678901234567890; its eight digits end with these six.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number) => new Date(seconds * 1000);

describe('a code', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
  ])('at %i is that of the RFC', (seconds, code) => {
    expect(acceptedStep(secret, code, at(seconds), null)).toBe(Math.floor(seconds / 30));
  });

  it('is good one step early or late, and not two', () => {
    const step = Math.floor(1234567890 / 30);
    const accepted = [-60, -30, 0, 30, 60].map((late) => acceptedStep(secret, '005924', at(1234567890 + late), null));
    expect(accepted).toEqual([null, step, step, step, null]);
  });

  it('is good once: not of the step taken last, nor of an earlier one', () => {
    const step = Math.floor(1234567890 / 30);
    expect(acceptedStep(secret, '005924', at(1234567890), step - 1)).toBe(step);
    expect(acceptedStep(secret, '005924', at(1234567890), step)).toBeNull();
    expect(acceptedStep(secret, '005924', at(1234567890), step + 1)).toBeNull();
  });

  it('is six digits, however spaced', () => {
    expect(totpCode(' 005 924')).toBe('005924');
    expect([totpCode('05924'), totpCode('0059241'), totpCode('00592a'), totpCode('')]).toEqual([null, null, null, null]);
  });
});

it('a secret has 160 bits of its own, and an address that apps can read', () => {
  const made = newTotpSecret();
  expect(made).toMatch(/^[A-Z2-7]{32}$/);
  expect(newTotpSecret()).not.toBe(made);
  const uri = otpauthUri(made, 'ann@example.test');
  expect(uri).toBe(`otpauth://totp/Storegraph:ann%40example.test?issuer=Storegraph&secret=${made}&algorithm=SHA1&digits=6&period=30`);
  expect(new TOTP({ secret: made }).generate()).toMatch(/^\d{6}$/);
});
