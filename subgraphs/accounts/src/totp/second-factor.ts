import type { Sealer } from '@storegraph/auth';
import { fail, isRefusal, newId, ok, type Id, type Result, type UserId } from '@storegraph/core';
import { insertRows, type Tx } from '@storegraph/database';
import { backupCodeUsed, emit, totpDeviceRemoved } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { and, eq, isNotNull, isNull, lt, or } from 'drizzle-orm';
import { useBackupCode } from '../lookups.ts';
import { beginAttempt, settleAttempt } from '../session/attempts.ts';
import { backupCode, backupCodeHash, newBackupCodes } from './backup-code.ts';
import { backupCodes, totpDevices } from './tables.ts';
import { acceptedStep, totpCode } from './totp.ts';

/** Where a device's secret stands: a sealed text that was copied to another device does not open. */
export const secretPlace = (id: Id<'tot'>): string => `user|totp_devices|secret_sealed|${id}`;

export const wrongCode = () => fail('INVALID_CODE', 'The code is wrong, or was used before.', ['code']);

/** Longer input is no code. */
export const maxCodeLength = 100;

/** Uses up a code of one of the transaction's user's authenticator apps, or one of their backup codes. False when it is neither. */
export async function useSecondFactor(
  tx: Tx,
  userId: UserId,
  typed: string,
  { sealer, now }: { sealer: Sealer; now: Date },
): Promise<boolean> {
  const digits = totpCode(typed);
  if (digits !== null) return useTotpCode(tx, userId, digits, { sealer, now });
  const code = backupCode(typed);
  if (code === null || !(await useBackupCode(tx, backupCodeHash(userId, code), now))) return false;
  await emit(tx, backupCodeUsed({ userId, left: await backupCodesLeft(tx, userId) }));
  return true;
}

async function useTotpCode(tx: Tx, userId: UserId, code: string, { sealer, now }: { sealer: Sealer; now: Date }): Promise<boolean> {
  const { id, secretSealed, lastStep } = totpDevices;
  const isConfirmed = and(eq(totpDevices.userId, userId), isNotNull(totpDevices.confirmedAt));
  for (const device of await tx.select({ id, secretSealed, lastStep }).from(totpDevices).where(isConfirmed)) {
    const step = acceptedStep(sealer.open(device.secretSealed, secretPlace(device.id)), code, now, device.lastStep);
    // Of two who send the same code at the same moment, the second finds the step taken.
    if (step !== null && (await takeStep(tx, device.id, step, now))) return true;
  }
  return false;
}

export async function takeStep(tx: Tx, id: Id<'tot'>, step: number, now: Date, confirm = false): Promise<boolean> {
  const isFree = and(eq(totpDevices.id, id), or(isNull(totpDevices.lastStep), lt(totpDevices.lastStep, step)));
  const change = { lastStep: step, lastUsedAt: now, ...(confirm ? { confirmedAt: now } : {}) };
  const taken = await tx.update(totpDevices).set(change).where(isFree).returning({ id: totpDevices.id });
  return taken.length > 0;
}

/** Has the caller show a second factor, in a transaction of its own: a code is used up whatever comes of what it was for. */
export async function proveSecondFactor(
  ctx: Context,
  userId: UserId,
  typed: string,
): Promise<Result<true, 'INVALID_CODE' | 'TOO_MANY_ATTEMPTS'>> {
  const attempt = await beginAttempt(ctx, 'SECOND_FACTOR', userId, () => Promise.resolve());
  if (isRefusal(attempt)) return attempt;
  const { services, clock } = ctx;
  const isRight = await ctx.db.write((tx) => useSecondFactor(tx, userId, typed, { sealer: services.sealer, now: clock.now() }));
  await settleAttempt(ctx, attempt.value.attemptId, isRight ? 'SUCCEEDED' : 'FAILED');
  return isRight ? ok(true) : wrongCode();
}

/** How many of the user's backup codes are unused. */
export const backupCodesLeft = (tx: Tx, userId: UserId): Promise<number> =>
  tx.$count(backupCodes, and(eq(backupCodes.userId, userId), isNull(backupCodes.usedAt)));

/** New backup codes in place of all that the transaction's user had. They are never shown again. */
export async function replaceBackupCodes(tx: Tx, userId: UserId, now: Date): Promise<string[]> {
  const codes = newBackupCodes();
  await tx.delete(backupCodes).where(eq(backupCodes.userId, userId));
  const rows = codes.map((code) => ({
    id: newId('bkc'),
    userId,
    codeHash: backupCodeHash(userId, backupCode(code) ?? code),
    createdAt: now,
  }));
  await insertRows(tx, backupCodes, rows);
  return codes;
}

/** Turns the second factor of the transaction's user off, who is locked: all of their devices go, and the backup codes with them. */
export async function dropSecondFactors(
  tx: Tx,
  userId: UserId,
  { email, locale }: { readonly email: string; readonly locale: string },
): Promise<void> {
  const { id, name, confirmedAt } = totpDevices;
  const dropped = await tx.delete(totpDevices).where(eq(totpDevices.userId, userId)).returning({ id, name, confirmedAt });
  await tx.delete(backupCodes).where(eq(backupCodes.userId, userId));
  const confirmed = dropped.filter((device) => device.confirmedAt !== null);
  const facts = { userId, locale, mfaEnabled: false };
  await emit(
    tx,
    ...confirmed.map((device) => totpDeviceRemoved({ ...facts, deviceId: device.id }, { personal: { email, name: device.name } })),
  );
}
