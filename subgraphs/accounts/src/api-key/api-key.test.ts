import { isRefusal } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { apiKeyStatus, checkExpiry, shownPrefix } from './api-key.ts';

const now = new Date('2026-11-20T12:00:00.000Z');

describe('an API key', () => {
  it('shows eight characters of its 43', () => {
    expect(shownPrefix('sk_abcdefghijklmnop')).toBe('sk_abcdefgh');
  });
  it('opens nothing from the moment of its expiry or revocation on', () => {
    expect(apiKeyStatus({ expiresAt: null, revokedAt: null }, now)).toBe('ACTIVE');
    expect(apiKeyStatus({ expiresAt: new Date(now.getTime() + 1), revokedAt: null }, now)).toBe('ACTIVE');
    expect(apiKeyStatus({ expiresAt: now, revokedAt: null }, now)).toBe('EXPIRED');
    expect(apiKeyStatus({ expiresAt: now, revokedAt: now }, now)).toBe('REVOKED');
  });
  it('can’t be made to expire now or earlier', () => {
    expect(isRefusal(checkExpiry(now, now))).toBe(true);
    expect(checkExpiry(null, now)).toEqual({ ok: true, value: null });
  });
});
