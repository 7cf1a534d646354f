import { describe, expect, it } from 'vitest';
import { invitationStatus, refusalToTouch } from './invitation.ts';

const now = new Date('2026-11-20T12:00:00.000Z');
const open = { acceptedAt: null, revokedAt: null, sentAt: now, expiresAt: new Date(now.getTime() + 1) };

describe('an invitation', () => {
  it('is open until it is accepted, taken back or too old', () => {
    expect(invitationStatus(open, now)).toBe('PENDING');
    expect(invitationStatus({ ...open, expiresAt: now }, now)).toBe('EXPIRED');
    expect(invitationStatus({ ...open, revokedAt: now }, now)).toBe('REVOKED');
    expect(invitationStatus({ ...open, acceptedAt: now, expiresAt: now }, now)).toBe('ACCEPTED');
  });
  it('can be sent again and taken back until it has ended, an expired one too', () => {
    expect(refusalToTouch({ ...open, expiresAt: now })).toBeNull();
    expect(refusalToTouch({ ...open, acceptedAt: now })).toBe('ALREADY_ACCEPTED');
    expect(refusalToTouch({ ...open, revokedAt: now })).toBe('ALREADY_REVOKED');
  });
});
