import { z } from 'zod';
import { defineEvent } from '../contract.ts';
import { anyId, idOf } from '../schemas.ts';

const ofStore = { storeId: idOf('sto') };
const store = (payload: { storeId: `sto_${string}` }) => payload.storeId;

const profile = {
  name: z.string(),
  country: z.string().length(2).nullable(),
  timezone: z.string(),
  defaultLanguage: z.string(),
};

export const storeCreated = defineEvent({
  type: 'store.created',
  version: 1,
  producer: 'accounts',
  description: 'A store has been opened. Its currency and slug stay as they are.',
  aggregate: store,
  payload: z.object({ ...ofStore, ...profile, slug: z.string(), currency: z.string().length(3), ownerId: idOf('usr') }),
});

export const storeUpdated = defineEvent({
  type: 'store.updated',
  version: 1,
  producer: 'accounts',
  description: 'The name, domain, country or settings of a store have changed. Carries them all as they now are.',
  aggregate: store,
  payload: z.object({ ...ofStore, ...profile, domain: z.string().nullable() }),
});

const ofMember = { ...ofStore, memberId: idOf('mem'), userId: idOf('usr'), roleId: idOf('rol') };
const member = (payload: { memberId: `mem_${string}` }) => payload.memberId;

export const memberInvited = defineEvent({
  type: 'member.invited',
  version: 1,
  producer: 'accounts',
  description: 'A user has been invited to a store, and is no member of it before they accept.',
  aggregate: member,
  payload: z.object(ofMember),
});

export const memberAdded = defineEvent({
  type: 'member.added',
  version: 1,
  producer: 'accounts',
  description: 'A user has become a member of a store, for the first time or again.',
  aggregate: member,
  payload: z.object(ofMember),
});

export const memberRoleChanged = defineEvent({
  type: 'member.roleChanged',
  version: 1,
  producer: 'accounts',
  description: 'A member of a store has another role, and with it other permissions.',
  aggregate: member,
  payload: z.object({ ...ofMember, formerRoleId: idOf('rol') }),
});

export const memberRemoved = defineEvent({
  type: 'member.removed',
  version: 1,
  producer: 'accounts',
  description: 'A user is no longer a member of a store.',
  aggregate: member,
  payload: z.object(ofMember),
});

const ofUser = { userId: idOf('usr') };
const user = (payload: { userId: `usr_${string}` }) => payload.userId;

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

export const sessionRevoked = defineEvent({
  type: 'session.revoked',
  version: 1,
  producer: 'accounts',
  description:
    'A session has ended before its time: its user logged out, or an old refresh token came back, which means that it was stolen.',
  aggregate: user,
  payload: z.object({ ...ofUser, sessionId: idOf('ses'), reason: z.enum(['LOGGED_OUT', 'TOKEN_REUSED']) }),
});

const ofApiKey = { ...ofStore, apiKeyId: idOf('key') };
const apiKey = (payload: { apiKeyId: `key_${string}` }) => payload.apiKeyId;

export const apiKeyCreated = defineEvent({
  type: 'apiKey.created',
  version: 1,
  producer: 'accounts',
  description: 'A store has a new API key. The event holds nothing of the key itself.',
  aggregate: apiKey,
  payload: z.object({
    ...ofApiKey,
    name: z.string(),
    permissions: z.array(z.string()),
    expiresAt: z.date().nullable(),
    createdBy: anyId.nullable(),
  }),
});

export const apiKeyRevoked = defineEvent({
  type: 'apiKey.revoked',
  version: 1,
  producer: 'accounts',
  description: 'An API key of a store no longer opens anything.',
  aggregate: apiKey,
  payload: z.object(ofApiKey),
});
