import { minPasswordLength, maxPasswordLength } from '@storegraph/auth';
import { fail, ok, type Result } from '@storegraph/core';
import { text } from '@storegraph/subgraph';
import { z } from 'zod';
import { contactAddress } from '../contact-point/contact-point.ts';

/** An e-mail address as a contact point has it, so that what is typed at a log-in is found among them. */
export const emailAddress = text(254).transform((given, context) => {
  const address = contactAddress('EMAIL', given);
  if (address) return address;
  context.issues.push({ code: 'custom', message: 'Must be an e-mail address.', input: given });
  return z.NEVER;
});

/** A password as it is typed: never trimmed. */
export const password = z.string().min(1).max(maxPasswordLength);

/** Whether a password may be chosen. */
export const goodPassword = (chosen: string, field: string): Result<string, 'PASSWORD_TOO_SHORT'> =>
  chosen.length < minPasswordLength
    ? fail('PASSWORD_TOO_SHORT', `Must have at least ${minPasswordLength} characters.`, [field])
    : ok(chosen);

/** The token of a link. */
export const linkToken = z.string().min(1).max(200);
