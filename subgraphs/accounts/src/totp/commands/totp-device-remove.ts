import { fail, isRefusal, ok, refuse } from '@storegraph/core';
import { emit, totpDeviceRemoved } from '@storegraph/events';
import { idOf, text, validate, type Context } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { callerUser } from '../../caller.ts';
import type { TotpDeviceRemoveInput } from '../../generated/graphql.ts';
import { reauthenticate } from '../../session/reauthenticate.ts';
import { typedPassword } from '../../user/user.ts';
import { lockUser } from '../../user/lock.ts';
import { countConfirmed, deviceOf } from '../queries.ts';
import { maxCodeLength, proveSecondFactor } from '../second-factor.ts';
import { backupCodes, totpDevices } from '../tables.ts';

const shape = z.object({ deviceId: idOf('tot'), currentPassword: typedPassword, code: text(maxCodeLength).nullish() });

const notFound = () => fail('NOT_FOUND', 'No such device of yours.', ['deviceId']);

export async function totpDeviceRemove(ctx: Context, input: TotpDeviceRemoveInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { deviceId, currentPassword, code = null } = checked.value;
  const userId = callerUser(ctx.identity);
  const device = userId && (await ctx.db.read((tx) => deviceOf(tx, userId, deviceId)));
  if (!userId || !device) return notFound();
  if (device.confirmedAt !== null && code === null) return refuse([{ code: 'REQUIRED', message: 'Is required.', field: ['code'] }]);
  const proven = await reauthenticate(ctx, currentPassword);
  if (isRefusal(proven)) return proven;
  if (device.confirmedAt !== null) {
    const second = await proveSecondFactor(ctx, userId, code ?? '');
    if (isRefusal(second)) return second;
  }
  return ctx.db.write(async (tx) => {
    const user = await lockUser(tx, userId);
    const isIt = and(eq(totpDevices.id, deviceId), eq(totpDevices.userId, userId));
    // Confirmed meanwhile, it would go without its code.
    const [now] = await tx.select({ confirmedAt: totpDevices.confirmedAt }).from(totpDevices).where(isIt);
    if (!user || !now || (now.confirmedAt !== null && device.confirmedAt === null)) return notFound();
    await tx.delete(totpDevices).where(isIt);
    const mfaEnabled = (await countConfirmed(tx, userId)) > 0;
    if (!mfaEnabled) await tx.delete(backupCodes).where(eq(backupCodes.userId, userId));
    const personal = { email: user.email, name: device.name };
    if (device.confirmedAt !== null) await emit(tx, totpDeviceRemoved({ userId, deviceId, locale: user.locale, mfaEnabled }, { personal }));
    return ok(device);
  });
}
