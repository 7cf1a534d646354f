import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofUser, user } from './parts.ts';

export const sessionRevoked = defineEvent({
  type: 'session.revoked',
  version: 2,
  producer: 'accounts',
  description:
    'A session has ended before its time: its user logged out, here or on all other devices, the password has changed, or an old refresh token came back, which means that it was stolen.',
  aggregate: user,
  payload: z.object({
    ...ofUser,
    sessionId: idOf('ses'),
    reason: z.enum(['LOGGED_OUT', 'TOKEN_REUSED', 'REVOKED', 'PASSWORD_CHANGED', 'PASSWORD_RESET']),
  }),
  // The first version knew fewer reasons.
  upcast: { 1: (old) => old },
});
