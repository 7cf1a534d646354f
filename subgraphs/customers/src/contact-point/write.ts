import { newId, type CustomerId } from '@storegraph/core';
import { own, owned, type Tx } from '@storegraph/database';
import { customerContactPointAdded, emit } from '@storegraph/events';
import { and, eq } from 'drizzle-orm';
import type { Channel, ContactAddress } from './contact-point.ts';
import { contactPoints, type ContactPointRow } from './tables.ts';

/** The unique key of an address within its store. */
const addressKey = [contactPoints.storeId, contactPoints.channel, contactPoints.source, contactPoints.address];

/**
 * Adds contact points to a customer whom this transaction has made or locked, and gives those that were added: an address that somebody has
 * already is left out. Waits for whoever is just taking it. No customer may have two primary ones of a channel then.
 */
export async function insertContactPoints(
  tx: Tx,
  customerId: CustomerId,
  points: readonly (ContactAddress & { readonly isPrimary: boolean })[],
): Promise<ContactPointRow[]> {
  if (points.length === 0) return [];
  const rows = await tx
    .insert(contactPoints)
    .values(points.map((point) => owned(tx, { id: newId('cpt'), customerId, ...point })))
    .onConflictDoNothing({ target: addressKey })
    .returning();
  await emit(tx, ...rows.map(contactPointAdded));
  return rows;
}

/** The primary contact point of the channel is so no more. */
export async function releasePrimary(tx: Tx, customerId: CustomerId, channel: Channel): Promise<void> {
  const isIt = and(eq(contactPoints.customerId, customerId), eq(contactPoints.channel, channel), contactPoints.isPrimary);
  await tx
    .update(contactPoints)
    .set({ isPrimary: false })
    .where(own(tx, contactPoints, isIt));
}

const contactPointAdded = ({ id, customerId, channel, isPrimary, verifiedAt, source, address, display }: ContactPointRow) =>
  customerContactPointAdded(
    { customerId, contactPointId: id, channel, primary: isPrimary, verified: verifiedAt !== null },
    { personal: { source, address, display } },
  );
