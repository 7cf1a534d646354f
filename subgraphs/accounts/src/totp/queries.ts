import type { Id, UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { callerUser } from '../caller.ts';
import { backupCodesLeft } from './second-factor.ts';
import { totpDevices } from './tables.ts';

const { id, userId, name, confirmedAt, lastUsedAt, createdAt } = totpDevices;
const shown = { id, userId, name, confirmedAt, lastUsedAt, createdAt };

export type DeviceRow = Pick<typeof totpDevices.$inferSelect, keyof typeof shown>;

/** The person's authenticator apps, for that person alone; null for everybody else. */
export async function ownDevices({ db, identity }: Context, person: UserId): Promise<DeviceRow[] | null> {
  if (callerUser(identity) !== person) return null;
  return db.read((tx) => tx.select(shown).from(totpDevices).where(eq(userId, person)).orderBy(asc(createdAt), asc(id)));
}

/** How many backup codes the person has left, for that person alone; null for everybody else. */
export async function ownBackupCodes({ db, identity }: Context, person: UserId): Promise<number | null> {
  return callerUser(identity) === person ? db.read((tx) => backupCodesLeft(tx, person)) : null;
}

export const countConfirmed = (tx: Tx, person: UserId): Promise<number> =>
  tx.$count(totpDevices, and(eq(userId, person), isNotNull(confirmedAt)));

/** A device of the transaction's user. */
export async function deviceOf(tx: Tx, person: UserId, device: Id<'tot'>): Promise<DeviceRow | undefined> {
  const [found] = await tx
    .select(shown)
    .from(totpDevices)
    .where(and(eq(id, device), eq(userId, person)));
  return found;
}
