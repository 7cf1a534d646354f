export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'REVOKED' | 'EXPIRED';

interface InvitationState {
  readonly acceptedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly expiresAt: Date;
  readonly sentAt: Date;
}

const day = 24 * 60 * 60 * 1000;

/** From each sending on. */
export const lifeMs = 7 * day;

/** The same invitation is sent again no sooner than this. */
export const resendAfterMs = 60_000;

export function invitationStatus(invitation: InvitationState, now: Date): InvitationStatus {
  if (invitation.acceptedAt !== null) return 'ACCEPTED';
  if (invitation.revokedAt !== null) return 'REVOKED';
  return invitation.expiresAt <= now ? 'EXPIRED' : 'PENDING';
}

type InvitationRefusal = 'ALREADY_ACCEPTED' | 'ALREADY_REVOKED';

/** Why an invitation can be neither sent again nor taken back; null when it can, expired ones too. */
export function refusalToTouch(invitation: InvitationState): InvitationRefusal | null {
  if (invitation.acceptedAt !== null) return 'ALREADY_ACCEPTED';
  return invitation.revokedAt === null ? null : 'ALREADY_REVOKED';
}

export const refusalText: Readonly<Record<InvitationRefusal, string>> = {
  ALREADY_ACCEPTED: 'The invitation has been accepted.',
  ALREADY_REVOKED: 'The invitation has been taken back.',
};
