import { newId, type CustomerId } from '@storegraph/core';
import { one, own, owned, type Tx } from '@storegraph/database';
import {
  customerContactPointAdded,
  customerContactPointPrimaryChanged,
  customerContactPointRemoved,
  customerContactPointVerified,
  emit,
} from '@storegraph/events';
import { and, asc, eq, isNull } from 'drizzle-orm';
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
  points: readonly (ContactAddress & { readonly isPrimary: boolean; readonly verifiedAt?: Date; readonly provenAt?: Date })[],
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

/** Takes a contact point from its customer, who is locked. Where it was primary, the oldest that is left on its channel becomes it, a verified one first. */
export async function removeContactPoint(tx: Tx, { id, customerId, channel, isPrimary }: ContactPointRow): Promise<void> {
  await tx.delete(contactPoints).where(own(tx, contactPoints, eq(contactPoints.id, id)));
  await emit(tx, customerContactPointRemoved({ customerId, contactPointId: id, channel }));
  if (!isPrimary) return;
  const [next] = await tx
    .select({ id: contactPoints.id })
    .from(contactPoints)
    .where(own(tx, contactPoints, and(eq(contactPoints.customerId, customerId), eq(contactPoints.channel, channel))))
    .orderBy(asc(isNull(contactPoints.verifiedAt)), asc(contactPoints.createdAt), asc(contactPoints.id))
    .limit(1);
  if (!next) return;
  await tx
    .update(contactPoints)
    .set({ isPrimary: true })
    .where(own(tx, contactPoints, eq(contactPoints.id, next.id)));
  await emit(tx, customerContactPointPrimaryChanged({ customerId, contactPointId: next.id, channel }));
}

/** Notes that a contact point, whose customer is locked, belongs to that customer. */
export async function verifyContactPoint(tx: Tx, { id, customerId, channel }: ContactPointRow, now: Date): Promise<ContactPointRow> {
  const isIt = own(tx, contactPoints, eq(contactPoints.id, id));
  const contactPoint = one(await tx.update(contactPoints).set({ verifiedAt: now }).where(isIt).returning());
  await emit(tx, customerContactPointVerified({ customerId, contactPointId: id, channel, verifiedAt: now }));
  return contactPoint;
}

/** Notes that whoever asks reads the mail of a contact point, whose customer is locked: from now on it logs in to the customer's account. */
export async function proveContactPoint(tx: Tx, point: ContactPointRow, now: Date): Promise<void> {
  if (point.verifiedAt === null) await verifyContactPoint(tx, point, now);
  const isIt = own(tx, contactPoints, eq(contactPoints.id, point.id));
  await tx.update(contactPoints).set({ provenAt: now }).where(isIt);
}

const contactPointAdded = ({ id, customerId, channel, isPrimary, verifiedAt, source, address, display }: ContactPointRow) =>
  customerContactPointAdded(
    { customerId, contactPointId: id, channel, primary: isPrimary, verified: verifiedAt !== null },
    { personal: { source, address, display } },
  );
