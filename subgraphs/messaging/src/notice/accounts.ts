import {
  defineReaction,
  invitationCreated,
  invitationResent,
  passwordResetRequested,
  userEmailChangeRequested,
  userEmailVerificationRequested,
  userSignUpRepeated,
} from '@storegraph/events';
import { consoleLink } from './links.ts';
import { notify } from './notify.ts';

const mails = {
  'user.emailVerificationRequested': { code: 'user-email-verification', page: '/verify-email' },
  'user.emailChangeRequested': { code: 'user-email-change', page: '/change-email' },
  'user.passwordResetRequested': { code: 'user-password-reset', page: '/reset-password' },
} as const;

/** Links that a user has asked for. One that has expired, or whose person is erased, is not sent any more. */
export const mailUsers = defineReaction({
  name: 'messaging.mail-users',
  kind: 'effect',
  on: [userEmailVerificationRequested, userEmailChangeRequested, passwordResetRequested],
  handle: async (tx, event, services) => {
    const { type, payload, personal, secret } = event;
    if (!personal || secret === null) return;
    const { code, page } = mails[type];
    await notify(tx, event, services, {
      code,
      to: { email: personal.email },
      language: payload.locale,
      userId: payload.userId,
      values: { link: consoleLink(page, { token: secret }), expiresAt: payload.expiresAt },
    });
  },
});

/** Tells the owner of an address that somebody tried to sign up with it. */
export const mailRepeatedSignUp = defineReaction({
  name: 'messaging.mail-repeated-sign-up',
  kind: 'effect',
  on: [userSignUpRepeated],
  handle: async (tx, event, services) => {
    if (!event.personal) return;
    await notify(tx, event, services, {
      code: 'user-sign-up-repeated',
      to: { email: event.personal.email },
      language: null,
      userId: event.payload.userId,
      values: { logInLink: consoleLink('/log-in'), resetLink: consoleLink('/forgot-password') },
    });
  },
});

export const mailInvitation = defineReaction({
  name: 'messaging.mail-invitation',
  kind: 'effect',
  on: [invitationCreated, invitationResent],
  handle: async (tx, event, services) => {
    const { payload, personal, secret } = event;
    if (!personal || secret === null) return;
    await notify(tx, event, services, {
      code: 'invitation',
      to: { email: personal.email },
      language: null,
      relatedTo: { kind: 'Invitation', id: payload.invitationId },
      values: { storeName: payload.storeName, link: consoleLink('/accept-invitation', { token: secret }), expiresAt: payload.expiresAt },
    });
  },
});
