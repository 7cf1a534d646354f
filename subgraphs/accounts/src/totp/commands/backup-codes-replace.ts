import { fail, isRefusal, ok } from '@storegraph/core';
import { backupCodesReplaced, emit } from '@storegraph/events';
import { text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import type { BackupCodesReplaceInput } from '../../generated/graphql.ts';
import { reauthenticate } from '../../session/reauthenticate.ts';
import { typedPassword } from '../../user/user.ts';
import { lockUser } from '../../user/lock.ts';
import { countConfirmed } from '../queries.ts';
import { maxCodeLength, proveSecondFactor, replaceBackupCodes } from '../second-factor.ts';

const shape = z.object({ currentPassword: typedPassword, code: text(maxCodeLength) });

const notEnabled = () => fail('MFA_NOT_ENABLED', 'Confirm an authenticator app first.');

export async function backupCodesReplace(ctx: Context, input: BackupCodesReplaceInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { currentPassword, code } = checked.value;
  const proven = await reauthenticate(ctx, currentPassword);
  if (isRefusal(proven)) return proven;
  const { userId } = proven.value;
  if ((await ctx.db.read((tx) => countConfirmed(tx, userId))) === 0) return notEnabled();
  const second = await proveSecondFactor(ctx, userId, code);
  if (isRefusal(second)) return second;
  return ctx.db.write(async (tx) => {
    const user = await lockUser(tx, userId);
    if (!user || (await countConfirmed(tx, userId)) === 0) return notEnabled();
    const codes = await replaceBackupCodes(tx, userId, ctx.clock.now());
    await emit(tx, backupCodesReplaced({ userId, locale: user.locale }, { personal: { email: user.email } }));
    return ok(codes);
  });
}
