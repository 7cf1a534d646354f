import { expect, it } from 'vitest';
import { oneTimeToken, oneTimeTokenStatus } from './one-time-token.ts';
import { hashToken } from './secrets.ts';

const now = new Date('2026-11-20T12:00:00.000Z');
const after = (ms: number) => new Date(now.getTime() + ms);

it('has 256 bits, a hash to store and an end', () => {
  const { token, hash, expiresAt } = oneTimeToken('evt', 1000, now);
  expect(token).toMatch(/^evt_[\w-]{43}$/);
  expect(hash).toBe(hashToken(token));
  expect(expiresAt).toEqual(after(1000));
});

it('is good until it is used, ended by a newer one, or expires', () => {
  const fresh = { expiresAt: after(1), usedAt: null, endedAt: null };
  expect(oneTimeTokenStatus(fresh, now)).toBe('GOOD');
  expect(oneTimeTokenStatus({ ...fresh, expiresAt: now }, now)).toBe('EXPIRED');
  expect(oneTimeTokenStatus({ ...fresh, usedAt: now }, now)).toBe('USED');
  expect(oneTimeTokenStatus({ ...fresh, endedAt: now }, now)).toBe('ENDED');
  expect(oneTimeTokenStatus({ expiresAt: now, usedAt: after(-1), endedAt: after(-2) }, now)).toBe('USED');
});
