import { isDeepStrictEqual } from 'node:util';
import type { Profile } from '../customer/profile.ts';
import type { CustomerRow } from '../customer/tables.ts';

/** What a customer's own row tells of the person. */
export type Details = Profile & Pick<CustomerRow, 'note' | 'metadata'>;

/** What a merge does to the survivor's row: the fields that it changes, as they were and as they are then. */
export interface Change {
  readonly before: Partial<Details>;
  readonly after: Partial<Details>;
}

/**
 * What the survivor's row becomes. What the survivor tells stays; what it leaves out comes from the merged one: a name as a whole, so that two
 * people's are never mixed. Two notes stand one below the other. Of two values under one key of the metadata the survivor's counts.
 */
export function combine(survivor: Details, merged: Details): Change {
  const named = survivor.firstName ?? survivor.lastName;
  const wanted: Details = {
    firstName: named ? survivor.firstName : merged.firstName,
    lastName: named ? survivor.lastName : merged.lastName,
    language: survivor.language ?? merged.language,
    timezone: survivor.timezone ?? merged.timezone,
    birthDate: survivor.birthDate ?? merged.birthDate,
    gender: survivor.gender ?? merged.gender,
    country: survivor.country ?? merged.country,
    note: notes(survivor.note, merged.note),
    metadata: { ...merged.metadata, ...survivor.metadata },
  };
  return changeOf(survivor, wanted);
}

/** What takes a merge's change back: fields that still are as the merge left them. What was changed since stays. */
export function takenBack(now: Details, { before, after }: Change): Partial<Details> {
  const keys = keysOf(after).filter((key) => isDeepStrictEqual(now[key], after[key]));
  return pick(before, keys);
}

const notes = (first: string | null, second: string | null): string | null =>
  first !== null && second !== null && first !== second ? `${first}\n\n${second}` : (first ?? second);

function changeOf(before: Details, after: Details): Change {
  const keys = keysOf(after).filter((key) => !isDeepStrictEqual(before[key], after[key]));
  return { before: pick(before, keys), after: pick(after, keys) };
}

export const keysOf = (details: Partial<Details>) => Object.keys(details) as (keyof Details)[];

const pick = (from: Partial<Details>, keys: readonly (keyof Details)[]): Partial<Details> =>
  Object.fromEntries(keys.map((key) => [key, from[key]]));
