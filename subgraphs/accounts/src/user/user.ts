import { maxPasswordLength, minPasswordLength } from '@storegraph/auth';
import { fail } from '@storegraph/core';
import { email, locale, text, timezone } from '@storegraph/subgraph';
import { z } from 'zod';

const maxNameLength = 100;

/** Why a password can't be set; undefined for one that can. */
export const tooShort = (password: string, field: string) =>
  password.length < minPasswordLength
    ? fail('PASSWORD_TOO_SHORT', `Must have at least ${minPasswordLength} characters.`, [field])
    : undefined;

export const typedPassword = z.string().min(1).max(maxPasswordLength);

export const newUser = z.object({
  email,
  password: typedPassword,
  firstName: text(maxNameLength).nullish(),
  lastName: text(maxNameLength).nullish(),
  locale: locale.nullish(),
  timezone: timezone.nullish(),
});

const maxUrlLength = 2000;

/** Absent stays as it is; null clears what may be empty. */
export const userChange = z.object({
  firstName: text(maxNameLength).nullish(),
  lastName: text(maxNameLength).nullish(),
  phone: text(30)
    .transform((typed) => typed.replaceAll(/[\s().-]/g, ''))
    .pipe(z.string().regex(/^\+[1-9]\d{6,14}$/, { error: 'Must be a phone number in international form, such as +442079460018.' }))
    .nullish(),
  avatarUrl: z
    .string()
    .max(maxUrlLength)
    .pipe(z.url({ protocol: /^https$/, error: 'Must be an https address.' }))
    .nullish(),
  locale: locale.optional(),
  timezone: timezone.optional(),
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
