import { describe, expect, it } from 'vitest';
import { endOfLife, graceMs, refreshStep, sessionStatus } from './refresh-family.ts';

const now = new Date('2026-11-20T12:00:00.000Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const session = { expiresAt: after(1000), revokedAt: null };
const fresh = { expiresAt: after(1000), usedAt: null, successorSealed: null };

describe('a session', () => {
  it('lives 30 days after its last refresh', () => {
    expect(endOfLife(now, now)).toEqual(new Date('2026-12-20T12:00:00.000Z'));
  });
  it('lives 180 days at most, however often it is refreshed', () => {
    const day = 24 * 60 * 60 * 1000;
    expect(endOfLife(now, after(-149 * day))).toEqual(after(30 * day));
    expect(endOfLife(now, after(-179 * day))).toEqual(after(day));
    expect(endOfLife(now, after(-180 * day))).toEqual(now);
  });
  it('has expired at the very moment of its expiry, and is revoked rather than expired', () => {
    expect(sessionStatus({ expiresAt: after(1), revokedAt: null }, now)).toBe('ACTIVE');
    expect(sessionStatus({ expiresAt: now, revokedAt: null }, now)).toBe('EXPIRED');
    expect(sessionStatus({ expiresAt: after(-1), revokedAt: after(-2) }, now)).toBe('REVOKED');
  });
});

describe('a refresh token', () => {
  it('rotates at its first use', () => {
    expect(refreshStep(session, fresh, now)).toEqual({ step: 'ROTATE' });
  });
  it('repeats its answer within the grace, while its successor is unused', () => {
    const used = { ...fresh, usedAt: after(-graceMs), successorSealed: 'sealed' };
    expect(refreshStep(session, used, now)).toEqual({ step: 'REPEAT', successorSealed: 'sealed' });
    expect(refreshStep(session, { ...used, successorSealed: null }, now)).toEqual({ step: 'REVOKE' });
  });
  it('ends the family one millisecond after the grace', () => {
    expect(refreshStep(session, { ...fresh, usedAt: after(-graceMs - 1), successorSealed: 'sealed' }, now)).toEqual({ step: 'REVOKE' });
  });
  it('leads nowhere once it or its session is over', () => {
    expect(refreshStep({ ...session, revokedAt: now }, fresh, now)).toEqual({ step: 'END' });
    expect(refreshStep({ ...session, expiresAt: now }, fresh, now)).toEqual({ step: 'END' });
    expect(refreshStep(session, { ...fresh, expiresAt: now }, now)).toEqual({ step: 'END' });
  });
});
