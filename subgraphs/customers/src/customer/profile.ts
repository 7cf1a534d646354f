import { country, jsonObject, locale, multiline, optional, text, timezone } from '@storegraph/subgraph';
import { z } from 'zod';
import { birthDate } from './birth-date.ts';
import { tagsInput } from '../tag/tag.ts';
import { genders } from './customer.ts';
import type { CustomerRow } from './tables.ts';

const profileKeys = ['firstName', 'lastName', 'language', 'timezone', 'birthDate', 'gender', 'country'] as const;
export type ProfileKey = (typeof profileKeys)[number];

/** What a customer tells of itself. */
export type Profile = Pick<CustomerRow, ProfileKey>;

/** The profile's part of an input. */
export const profileShape = (now: Date) => ({
  firstName: optional(text(100)),
  lastName: optional(text(100)),
  language: optional(locale),
  timezone: optional(timezone),
  birthDate: optional(birthDate(now)),
  gender: z.enum(genders).nullish(),
  country: optional(country),
});

/** What staff keep about a customer. */
export const detailsShape = {
  tags: tagsInput.nullish(),
  note: optional(multiline(5_000)),
  metadata: jsonObject(16_384).nullish(),
};

type Given = { readonly [Key in ProfileKey]?: Profile[Key] | null | undefined };

/** The whole profile, with what was not given as it was before, or empty. */
export function profileOf(given: Given, before?: Profile): Profile {
  const value = <Key extends ProfileKey>(key: Key): Profile[Key] | null =>
    given[key] === undefined ? (before?.[key] ?? null) : given[key];
  return {
    firstName: value('firstName'),
    lastName: value('lastName'),
    language: value('language'),
    timezone: value('timezone'),
    birthDate: value('birthDate'),
    gender: value('gender'),
    country: value('country'),
  };
}

/** The fields in which two profiles differ. */
export const changedFields = (before: Profile, after: Profile): ProfileKey[] => profileKeys.filter((key) => before[key] !== after[key]);
