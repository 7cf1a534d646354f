import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofUser, user } from './parts.ts';

export const userSignedUp = defineEvent({
  type: 'user.signedUp',
  version: 1,
  producer: 'accounts',
  description: 'Somebody new has signed up. The e-mail address is not verified yet.',
  aggregate: user,
  subject: user,
  payload: z.object({ ...ofUser, locale: z.string() }),
  personal: z.object({ email: z.string(), firstName: z.string().nullable(), lastName: z.string().nullable() }),
});

export const userSignUpRepeated = defineEvent({
  type: 'user.signUpRepeated',
  version: 1,
  producer: 'accounts',
  description: 'Somebody tried to sign up with the address of a user. The client was told nothing; the owner of the address should be.',
  aggregate: user,
  subject: user,
  payload: z.object(ofUser),
  personal: z.object({ email: z.string() }),
});

export const userUpdated = defineEvent({
  type: 'user.updated',
  version: 1,
  producer: 'accounts',
  description: 'A user has changed their profile, which is told as it is now.',
  aggregate: user,
  subject: user,
  payload: z.object({ ...ofUser, locale: z.string(), timezone: z.string() }),
  personal: z.object({
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    phone: z.string().nullable(),
    avatarUrl: z.string().nullable(),
  }),
});

/** A mail to a user who may not be logged in: in which language, and until when its token is good. */
const mailed = { ...ofUser, locale: z.string(), expiresAt: z.date() };
const told = { ...ofUser, locale: z.string() };

export const userEmailVerificationRequested = defineEvent({
  type: 'user.emailVerificationRequested',
  version: 1,
  producer: 'accounts',
  description: 'A user is to show that they read the mail of their address. The secret is the token to be mailed there.',
  aggregate: user,
  subject: user,
  secretFor: 'messaging',
  payload: z.object(mailed),
  personal: z.object({ email: z.string() }),
});

export const userEmailChangeRequested = defineEvent({
  type: 'user.emailChangeRequested',
  version: 1,
  producer: 'accounts',
  description:
    'A user wants another e-mail address. The secret is the token to be mailed to that one, which is not theirs before it comes back.',
  aggregate: user,
  subject: user,
  secretFor: 'messaging',
  payload: z.object(mailed),
  personal: z.object({ email: z.string() }),
});

export const userEmailVerified = defineEvent({
  type: 'user.emailVerified',
  version: 1,
  producer: 'accounts',
  description: 'A user has shown that they read the mail of their address.',
  aggregate: user,
  subject: user,
  payload: z.object(ofUser),
  personal: z.object({ email: z.string() }),
});

export const userEmailChanged = defineEvent({
  type: 'user.emailChanged',
  version: 1,
  producer: 'accounts',
  description: 'A user has another e-mail address, which is verified. The former one is to be told.',
  aggregate: user,
  subject: user,
  payload: z.object(ofUser),
  personal: z.object({ email: z.string(), formerEmail: z.string() }),
});

export const passwordResetRequested = defineEvent({
  type: 'user.passwordResetRequested',
  version: 1,
  producer: 'accounts',
  description: 'Somebody has asked for a new password for a user. The secret is the token to be mailed to the address.',
  aggregate: user,
  subject: user,
  secretFor: 'messaging',
  payload: z.object(mailed),
  personal: z.object({ email: z.string() }),
});

export const passwordChanged = defineEvent({
  type: 'user.passwordChanged',
  version: 1,
  producer: 'accounts',
  description:
    'A user has another password: by `reset` with a token that was mailed, or by giving the former one. The owner of the address is to be told.',
  aggregate: user,
  subject: user,
  payload: z.object({ ...told, reset: z.boolean() }),
  personal: z.object({ email: z.string() }),
});

export const totpDeviceConfirmed = defineEvent({
  type: 'user.totpDeviceConfirmed',
  version: 1,
  producer: 'accounts',
  description:
    'A user has a new authenticator app; with the `first`, log-in asks for a second factor. The owner of the address is to be told.',
  aggregate: user,
  subject: user,
  payload: z.object({ ...told, deviceId: idOf('tot'), first: z.boolean() }),
  personal: z.object({ email: z.string(), name: z.string() }),
});

export const totpDeviceRemoved = defineEvent({
  type: 'user.totpDeviceRemoved',
  version: 1,
  producer: 'accounts',
  description:
    'A user has given up an authenticator app. `mfaEnabled`: log-in still asks for a second factor. The owner of the address is to be told.',
  aggregate: user,
  subject: user,
  payload: z.object({ ...told, deviceId: idOf('tot'), mfaEnabled: z.boolean() }),
  personal: z.object({ email: z.string(), name: z.string() }),
});

export const backupCodesReplaced = defineEvent({
  type: 'user.backupCodesReplaced',
  version: 1,
  producer: 'accounts',
  description: 'A user has new backup codes; the former ones lead nowhere. The owner of the address is to be told.',
  aggregate: user,
  subject: user,
  payload: z.object(told),
  personal: z.object({ email: z.string() }),
});

export const backupCodeUsed = defineEvent({
  type: 'user.backupCodeUsed',
  version: 1,
  producer: 'accounts',
  description: 'A user has used a backup code as the second factor, and has `left` of them.',
  aggregate: user,
  payload: z.object({ ...ofUser, left: z.int() }),
});
