import { fail, isRefusal, ok } from '@storegraph/core';
import { emit, totpDeviceConfirmed } from '@storegraph/events';
import { idOf, text, validate, type Context } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { callerUser } from '../../caller.ts';
import type { TotpDeviceConfirmInput } from '../../generated/graphql.ts';
import { beginAttempt, settleAttempt } from '../../session/attempts.ts';
import { lockUser } from '../../user/lock.ts';
import { countConfirmed, deviceOf } from '../queries.ts';
import { maxCodeLength, replaceBackupCodes, secretPlace, takeStep, wrongCode } from '../second-factor.ts';
import { totpDevices } from '../tables.ts';
import { acceptedStep, totpCode } from '../totp.ts';

const shape = z.object({ deviceId: idOf('tot'), code: text(maxCodeLength) });

const notFound = () => fail('NOT_FOUND', 'No such device of yours.', ['deviceId']);

export async function totpDeviceConfirm(ctx: Context, input: TotpDeviceConfirmInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { deviceId, code } = checked.value;
  const userId = callerUser(ctx.identity);
  if (!userId) return notFound();
  const attempt = await beginAttempt(ctx, 'SECOND_FACTOR', userId, () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;
  const { clock, services } = ctx;
  const result = await ctx.db.write(async (tx) => {
    const now = clock.now();
    const user = await lockUser(tx, userId);
    const [device] = await tx
      .select()
      .from(totpDevices)
      .where(and(eq(totpDevices.id, deviceId), eq(totpDevices.userId, userId)));
    if (!user || !device) return notFound();
    if (device.confirmedAt !== null) return fail('ALREADY_CONFIRMED', 'The device is confirmed.', ['deviceId']);
    const digits = totpCode(code);
    const step = digits && acceptedStep(services.sealer.open(device.secretSealed, secretPlace(deviceId)), digits, now, device.lastStep);
    if (step === null || step === '' || !(await takeStep(tx, deviceId, step, now, true))) return wrongCode();
    const isFirst = (await countConfirmed(tx, userId)) === 1;
    const backupCodes = isFirst ? await replaceBackupCodes(tx, userId, now) : null;
    await emit(
      tx,
      totpDeviceConfirmed(
        { userId, deviceId, locale: user.locale, first: isFirst },
        { personal: { email: user.email, name: device.name } },
      ),
    );
    const confirmed = await deviceOf(tx, userId, deviceId);
    return confirmed ? ok({ device: confirmed, backupCodes }) : notFound();
  });
  const isGuess = isRefusal(result) && result.problems.some((problem) => problem.code === 'INVALID_CODE');
  await settleAttempt(ctx, attempt.value.attemptId, isGuess ? 'FAILED' : 'NONE');
  return result;
}
