import { maxPasswordLength } from '@storegraph/auth';
import { email, locale, text, timezone } from '@storegraph/subgraph';
import { z } from 'zod';

/** NIST SP 800-63B asks for 8 at least, and for no rules of composition. */
export const minPasswordLength = 10;

const maxNameLength = 100;

export const newUser = z.object({
  email,
  password: z.string().min(1).max(maxPasswordLength),
  firstName: text(maxNameLength).nullish(),
  lastName: text(maxNameLength).nullish(),
  locale: locale.nullish(),
  timezone: timezone.nullish(),
});

/** How to call a person: by their name, or by what stands before the @ of the address. */
export function displayName(person: {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string;
}): string {
  const name = [person.firstName, person.lastName].filter((part) => part !== null).join(' ');
  return name === '' ? person.email.slice(0, person.email.lastIndexOf('@')) : name;
}
