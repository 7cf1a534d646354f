import { fail, isRefusal, newId, ok, refuse } from '@storegraph/core';
import { one } from '@storegraph/database';
import { text, validate, type Context } from '@storegraph/subgraph';
import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { TotpDeviceCreateInput } from '../../generated/graphql.ts';
import { reauthenticate, wrongPassword } from '../../session/reauthenticate.ts';
import { typedPassword } from '../../user/user.ts';
import { lockUser } from '../../user/lock.ts';
import { countConfirmed } from '../queries.ts';
import { maxCodeLength, proveSecondFactor, secretPlace } from '../second-factor.ts';
import { totpDevices } from '../tables.ts';
import { newTotpSecret, otpauthUri } from '../totp.ts';

const shape = z.object({ name: text(100), currentPassword: typedPassword, code: text(maxCodeLength).nullish() });
const maxDevices = 10;

const tooMany = () => fail('TOO_MANY_DEVICES', `A user has ${maxDevices} at most.`);
const codeNeeded = () => refuse([{ code: 'REQUIRED', message: 'Is required.', field: ['code'] }]);

export async function totpDeviceCreate(ctx: Context, input: TotpDeviceCreateInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { name, currentPassword, code = null } = checked.value;
  const proven = await reauthenticate(ctx, currentPassword);
  if (isRefusal(proven)) return proven;
  const { userId } = proven.value;
  const { clock, services } = ctx;
  const before = await ctx.db.read((tx) => countConfirmed(tx, userId));
  if (before >= maxDevices) return tooMany();
  if (before > 0) {
    // Else a password alone would be enough for a second factor of one's own.
    if (code === null) return codeNeeded();
    const second = await proveSecondFactor(ctx, userId, code);
    if (isRefusal(second)) return second;
  }
  return ctx.db.write(async (tx) => {
    const user = await lockUser(tx, userId);
    if (!user) return wrongPassword();
    const confirmed = await countConfirmed(tx, userId);
    if (confirmed >= maxDevices) return tooMany();
    // The first was confirmed meanwhile.
    if (confirmed > 0 && before === 0) return codeNeeded();
    // One that was never confirmed is given up for this one.
    await tx.delete(totpDevices).where(and(eq(totpDevices.userId, userId), isNull(totpDevices.confirmedAt)));
    const id = newId('tot');
    const secret = newTotpSecret();
    const values = { id, userId, name, secretSealed: services.sealer.seal(secret, secretPlace(id)), createdAt: clock.now() };
    const device = one(await tx.insert(totpDevices).values(values).returning());
    return ok({ device, secret, otpauthUri: otpauthUri(secret, user.email) });
  });
}
