import { ok } from '@storegraph/core';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { setSettings } from '../settings.ts';

const schema = z.object({
  forfeitAfterDays: z.int().min(0, { error: 'Must not be negative.' }).max(3650, { error: 'Must be at most 3,650 days.' }).nullish(),
});

export async function giftCardSettingsSet({ db }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  return db.write(async (tx) => ok(await setSettings(tx, { forfeitAfterDays: checked.value.forfeitAfterDays ?? null })));
}
