import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofCustomer, ofOne } from './parts.ts';

const messenger = 'messaging';
const ofAccount = { ...ofCustomer, accountId: idOf('acc') };

/**
 * Whom an e-mail is for: the customer who has the address, and has proven nothing yet, or null for an address that is nobody's. The secret is the
 * token of the link. It is there in every case, so that nobody can tell the cases apart, and is for the first of each list alone.
 */
const addressee = { linkId: idOf('ott'), customerId: idOf('cus').nullable(), language: z.string().nullable(), expiresAt: z.date() };
const link = ({ linkId }: { linkId: `ott_${string}` }) => linkId;

export const customerSignUpRequested = defineEvent({
  type: 'customerSignUp.requested',
  version: 1,
  producer: 'customers',
  description:
    'A shopper wants an account. `mail` says which e-mail to write: the link that verifies the address, that the address has an account already, or that nothing waits for a link.',
  aggregate: link,
  subject: ({ customerId, signUpId, linkId }) => customerId ?? signUpId ?? linkId,
  payload: z.object({ ...addressee, signUpId: idOf('csu').nullable(), mail: z.enum(['VERIFICATION', 'HAS_ACCOUNT', 'NOTHING_WAITS']) }),
  personal: z.object({ email: z.string(), firstName: z.string().nullable() }),
  secretFor: messenger,
});

export const customerPasswordResetRequested = defineEvent({
  type: 'customerPasswordReset.requested',
  version: 1,
  producer: 'customers',
  description:
    'Somebody wants another password for an e-mail address. `mail` says which e-mail to write: the link that resets it, or that the address has no account.',
  aggregate: link,
  subject: ({ customerId, linkId }) => customerId ?? linkId,
  payload: z.object({ ...addressee, mail: z.enum(['RESET', 'NO_ACCOUNT']) }),
  personal: z.object({ email: z.string() }),
  secretFor: messenger,
});

export const customerAccountOpened = defineEvent({
  ...ofOne,
  type: 'customer.accountOpened',
  version: 1,
  description: 'A customer can log in. `claimed` where the store knew the customer before, by the address that has now been verified.',
  payload: z.object({ ...ofAccount, claimed: z.boolean() }),
});

export const customerPasswordChanged = defineEvent({
  ...ofOne,
  type: 'customer.passwordChanged',
  version: 1,
  description: 'A customer has another password: chosen while logged in, or with a link that was sent to an address of the customer’s.',
  payload: z.object({ ...ofAccount, by: z.enum(['CHANGE', 'RESET']) }),
});

export const customerSessionRevoked = defineEvent({
  ...ofOne,
  type: 'customer.sessionRevoked',
  version: 1,
  description: 'A session of a customer has ended before its time.',
  payload: z.object({
    ...ofCustomer,
    sessionId: idOf('cse'),
    reason: z.enum(['LOGGED_OUT', 'TOKEN_REUSED', 'PASSWORD_CHANGED', 'CUSTOMER_DISABLED', 'CUSTOMER_MERGED']),
  }),
});
