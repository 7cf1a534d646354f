import type { Id } from '@storegraph/core';
import { descending, first, keyset, own, type Connection, type Tx } from '@storegraph/database';
import { inOrder, loader, orThrow, type Context, type LoadContext } from '@storegraph/subgraph';
import { and, eq, gt, inArray, isNotNull, isNull, lte, or, type SQL } from 'drizzle-orm';
import { callerStore } from '../caller.ts';
import type { QueryInvitationsArgs } from '../generated/graphql.ts';
import type { InvitationStatus } from './invitation.ts';
import { invitations, shown } from './tables.ts';

export type InvitationRow = Omit<typeof invitations.$inferSelect, 'tokenHash'>;

export const invitationLoaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'inv'>[]) => {
    if (ctx.identity.storeId === null) return ids.map(() => null);
    const rows = await ctx.db.read((tx) =>
      tx
        .select(shown)
        .from(invitations)
        .where(own(tx, invitations, inArray(invitations.id, [...ids]))),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
});

/** The invitations of the caller's store, the latest first; those that are open or have expired, unless `statuses` asks for others. */
export async function listInvitations(
  { db, identity, clock }: Context,
  { first: size, after, statuses }: QueryInvitationsArgs,
): Promise<Connection<InvitationRow>> {
  callerStore(identity);
  const part = orThrow(
    keyset({ first: size, after }, { table: invitations, sort: [descending(invitations.invitedAt)], id: invitations.id }),
  );
  const now = clock.now();
  const isListed = or(...new Set(statuses ?? (['PENDING', 'EXPIRED'] as const)).values().map((status) => has(status, now)));
  const rows = await db.read((tx) =>
    tx
      .select(shown)
      .from(invitations)
      .where(own(tx, invitations, isListed, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit),
  );
  const count = () => db.read((tx) => tx.$count(invitations, own(tx, invitations, isListed)));
  return part.connection<InvitationRow>(rows, count, (row) => ({ ...row, tokenHash: '' }));
}

function has(status: InvitationStatus, now: Date): SQL | undefined {
  const isOpen = and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt));
  switch (status) {
    case 'ACCEPTED':
      return isNotNull(invitations.acceptedAt);
    case 'REVOKED':
      return isNotNull(invitations.revokedAt);
    case 'EXPIRED':
      return and(isOpen, lte(invitations.expiresAt, now));
    case 'PENDING':
      return and(isOpen, gt(invitations.expiresAt, now));
  }
}

/** An invitation of the transaction's store, locked: of two changes the second sees what the first has done. */
export const lockInvitation = async (tx: Tx, id: Id<'inv'>): Promise<InvitationRow | undefined> =>
  first(
    await tx
      .select(shown)
      .from(invitations)
      .where(own(tx, invitations, eq(invitations.id, id)))
      .for('update'),
  );
