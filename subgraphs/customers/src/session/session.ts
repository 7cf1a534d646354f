export const revokedReasons = ['LOGGED_OUT', 'TOKEN_REUSED', 'PASSWORD_CHANGED', 'CUSTOMER_DISABLED', 'CUSTOMER_MERGED'] as const;

/** Why a session was ended before its time. */
export type RevokedReason = (typeof revokedReasons)[number];
