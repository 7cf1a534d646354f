import type { CustomerId, Id } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { and, eq } from 'drizzle-orm';
import { contactPoints, type ContactPointRow } from '../contact-point/tables.ts';
import { customers } from '../customer/tables.ts';
import { accounts } from './tables.ts';

/** Of whom an e-mail address is known. */
interface Owner {
  readonly customerId: CustomerId;
  /** The account that the address logs in to: there is one, and it is shown that the address belongs to its customer. */
  readonly accountId: Id<'acc'> | null;
  /** The customer's. */
  readonly language: string | null;
}

/** The customer whose address it is; null for nobody's. One statement, whatever it finds. */
export async function ownerOf(tx: Tx, email: string): Promise<Owner | null> {
  const [row] = await tx
    .select({
      customerId: contactPoints.customerId,
      verifiedAt: contactPoints.verifiedAt,
      accountId: accounts.id,
      language: customers.language,
    })
    .from(contactPoints)
    .innerJoin(customers, and(eq(customers.storeId, contactPoints.storeId), eq(customers.id, contactPoints.customerId)))
    .leftJoin(accounts, and(eq(accounts.storeId, contactPoints.storeId), eq(accounts.customerId, contactPoints.customerId)))
    .where(own(tx, contactPoints, isEmail(email)));
  if (!row) return null;
  const { verifiedAt, accountId, ...owner } = row;
  return { ...owner, accountId: verifiedAt === null ? null : accountId };
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
