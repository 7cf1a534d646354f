import { ok } from '@storegraph/core';
import { owned } from '@storegraph/database';
import { validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { orderSettingsOf } from '../settings.ts';
import { orderSettings } from '../tables.ts';

const schema = z.object({
  unpaidExpiryMinutes: z
    .int()
    .min(1, { error: 'Must be at least 1.' })
    .max(525_600, { error: 'Must be at most 525,600, a year.' })
    .nullish(),
});

export async function orderSettingsUpdate({ db }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { unpaidExpiryMinutes } = checked.value;
  return db.write(async (tx) => {
    if (unpaidExpiryMinutes !== undefined) {
      await tx
        .insert(orderSettings)
        .values(owned(tx, { unpaidExpiryMinutes }))
        .onConflictDoUpdate({ target: orderSettings.storeId, set: { unpaidExpiryMinutes } });
    }
    return ok(await orderSettingsOf(tx));
  });
}
