import type { Id, StoreId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { idOf, instantOf, publicStoreOf, rows, textOf, type PublicStore } from '../raw-rows.ts';

/** What the link with this token leads to. */
export async function invitationByToken(tx: Tx, hash: string): Promise<{ id: Id<'inv'>; storeId: StoreId } | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.invitation_by_token(${hash})`);
  return row && { id: idOf('inv', row['id']), storeId: idOf('sto', row['store_id']) };
}

export interface OwnInvitation {
  readonly id: Id<'inv'>;
  readonly store: PublicStore;
  readonly roleName: string;
  readonly invitedAt: Date;
  readonly expiresAt: Date;
}

/** The invitations that nobody has accepted or taken back to the verified address of the transaction's user, the latest first. */
export async function ownInvitations(tx: Tx): Promise<OwnInvitation[]> {
  const found = await rows(tx, sql`select * from accounts.own_invitations()`);
  return found.map((row) => ({
    id: idOf('inv', row['id']),
    store: publicStoreOf(row),
    roleName: textOf(row['role_name']),
    invitedAt: instantOf(row['invited_at']),
    expiresAt: instantOf(row['expires_at']),
  }));
}

/** The status of the member of the transaction's store with a normalised e-mail address, among those who have joined it once. */
export async function memberWithEmail(tx: Tx, email: string): Promise<string | undefined> {
  const [row] = await rows(tx, sql`select * from accounts.member_with_email(${email})`);
  return row && textOf(row['status']);
}
