import { customerPasswordResetRequested, customerSignUpRequested, defineReaction } from '@storegraph/events';
import { storefrontLink } from './links.ts';
import { notify } from './notify.ts';

const signUps = {
  VERIFICATION: 'customer-sign-up',
  HAS_ACCOUNT: 'customer-sign-up-known',
  NOTHING_WAITS: 'customer-sign-up-none',
} as const;
const resets = { RESET: 'customer-password-reset', NO_ACCOUNT: 'customer-password-reset-none' } as const;

/** What a shopper is told who wants an account: by mail alone, so that nobody learns from the shop whose address has one. */
export const mailSignUps = defineReaction({
  name: 'messaging.mail-sign-ups',
  kind: 'effect',
  on: [customerSignUpRequested],
  handle: async (tx, event, services) => {
    const { payload, personal, secret } = event;
    if (!personal || (payload.mail === 'VERIFICATION' && secret === null)) return;
    await notify(tx, event, services, {
      code: signUps[payload.mail],
      to: { email: personal.email },
      language: payload.language,
      customerId: payload.customerId,
      values: {
        firstName: personal.firstName,
        ...(payload.mail === 'VERIFICATION' && {
          link: await storefrontLink(tx, '/account/verify', { token: secret ?? '' }),
          expiresAt: payload.expiresAt,
        }),
        ...(payload.mail === 'HAS_ACCOUNT' && {
          logInLink: await storefrontLink(tx, '/account/log-in'),
          resetLink: await storefrontLink(tx, '/account/forgot-password'),
        }),
        ...(payload.mail === 'NOTHING_WAITS' && { signUpLink: await storefrontLink(tx, '/account/sign-up') }),
      },
    });
  },
});

export const mailPasswordResets = defineReaction({
  name: 'messaging.mail-password-resets',
  kind: 'effect',
  on: [customerPasswordResetRequested],
  handle: async (tx, event, services) => {
    const { payload, personal, secret } = event;
    if (!personal || (payload.mail === 'RESET' && secret === null)) return;
    await notify(tx, event, services, {
      code: resets[payload.mail],
      to: { email: personal.email },
      language: payload.language,
      customerId: payload.customerId,
      values:
        payload.mail === 'RESET'
          ? { link: await storefrontLink(tx, '/account/reset-password', { token: secret ?? '' }), expiresAt: payload.expiresAt }
          : { signUpLink: await storefrontLink(tx, '/account/sign-up') },
    });
  },
});
