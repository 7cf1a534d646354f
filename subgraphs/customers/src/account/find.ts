import type { CustomerId, Id } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { and, eq } from 'drizzle-orm';
import { contactPoints, type ContactPointRow } from '../contact-point/tables.ts';
import { customers } from '../customer/tables.ts';
import { accounts } from './tables.ts';

/** Of whom an e-mail address is known. */
interface Owner {
  readonly customerId: CustomerId;
  readonly contactPointId: Id<'cpt'>;
  /** The account that the address logs in to: there is one, and a link has shown that its customer reads the address. */
  readonly accountId: Id<'acc'> | null;
  /** The customer's. */
  readonly language: string | null;
}

/** The customer whose address it is; null for nobody's. One statement, whatever it finds. */
export async function ownerOf(tx: Tx, email: string): Promise<Owner | null> {
  const [row] = await tx
    .select({
      customerId: contactPoints.customerId,
      contactPointId: contactPoints.id,
      provenAt: contactPoints.provenAt,
      accountId: accounts.id,
      language: customers.language,
    })
    .from(contactPoints)
    .innerJoin(customers, and(eq(customers.storeId, contactPoints.storeId), eq(customers.id, contactPoints.customerId)))
    .leftJoin(accounts, and(eq(accounts.storeId, contactPoints.storeId), eq(accounts.customerId, contactPoints.customerId)))
    .where(own(tx, contactPoints, isEmail(email)));
  if (!row) return null;
  const { provenAt, accountId, ...owner } = row;
  return { ...owner, accountId: provenAt === null ? null : accountId };
}

/** The contact point that has an e-mail address. */
export async function emailPoint(tx: Tx, email: string): Promise<ContactPointRow | undefined> {
  const [point] = await tx
    .select()
    .from(contactPoints)
    .where(own(tx, contactPoints, isEmail(email)));
  return point;
}

const isEmail = (email: string) => and(eq(contactPoints.channel, 'EMAIL'), eq(contactPoints.source, ''), eq(contactPoints.address, email));
