import { fail, isRefusal, newId, ok } from '@storegraph/core';
import { one } from '@storegraph/database';
import { text, validate, type Context } from '@storegraph/subgraph';
import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { TotpDeviceCreateInput } from '../../generated/graphql.ts';
import { reauthenticate, wrongPassword } from '../../session/reauthenticate.ts';
import { typedPassword } from '../../user/user.ts';
import { lockUser } from '../../user/lock.ts';
import { countConfirmed } from '../queries.ts';
import { secretPlace } from '../second-factor.ts';
import { totpDevices } from '../tables.ts';
import { newTotpSecret, otpauthUri } from '../totp.ts';

const shape = z.object({ name: text(100), currentPassword: typedPassword });
const maxDevices = 10;

export async function totpDeviceCreate(ctx: Context, input: TotpDeviceCreateInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { name, currentPassword } = checked.value;
  const proven = await reauthenticate(ctx, currentPassword);
  if (isRefusal(proven)) return proven;
  const { userId } = proven.value;
  const { clock, services } = ctx;
  return ctx.db.write(async (tx) => {
    const user = await lockUser(tx, userId);
    if (!user) return wrongPassword();
    if ((await countConfirmed(tx, userId)) >= maxDevices) return fail('TOO_MANY_DEVICES', `A user has ${maxDevices} at most.`);
    // One that was never confirmed is given up for this one.
    await tx.delete(totpDevices).where(and(eq(totpDevices.userId, userId), isNull(totpDevices.confirmedAt)));
    const id = newId('tot');
    const secret = newTotpSecret();
    const values = { id, userId, name, secretSealed: services.sealer.seal(secret, secretPlace(id)), createdAt: clock.now() };
    const device = one(await tx.insert(totpDevices).values(values).returning());
    return ok({ device, secret, otpauthUri: otpauthUri(secret, user.email) });
  });
}
