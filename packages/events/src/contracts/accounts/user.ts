import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
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
