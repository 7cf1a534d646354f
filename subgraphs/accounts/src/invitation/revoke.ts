import type { StoreId, UserId } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { emit, invitationRevoked } from '@storegraph/events';
import { eq, isNull } from 'drizzle-orm';
import { invitations } from './tables.ts';

/** Takes back the open invitations of somebody who works in the store no more: they could be their own way back. People are locked. */
export async function revokeInvitationsOf(tx: Tx, storeId: StoreId, userId: UserId, now: Date): Promise<void> {
  const revoked = await tx
    .update(invitations)
    .set({ revokedAt: now })
    .where(own(tx, invitations, eq(invitations.invitedBy, userId), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)))
    .returning({ id: invitations.id });
  await emit(tx, ...revoked.map(({ id }) => invitationRevoked({ storeId, invitationId: id })));
}
