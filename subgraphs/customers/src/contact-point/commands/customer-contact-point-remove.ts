import { fail, ok, type Result } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { customerContactPointPrimaryChanged, customerContactPointRemoved, emit } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { and, asc, eq, isNull } from 'drizzle-orm';
import type { CustomerRow } from '../../customer/tables.ts';
import { lockContactPoint } from '../find.ts';
import { contactPoints, type ContactPointRow } from '../tables.ts';

interface Input {
  readonly contactPointId: string;
}

export function customerContactPointRemove({ db }: Context, input: Input): Promise<Result<CustomerRow, 'NOT_FOUND'>> {
  const id = readId('cpt', input.contactPointId);
  return db.write(async (tx) => {
    const found = await lockContactPoint(tx, id);
    if (!found) return fail('NOT_FOUND', 'No such contact point.', ['contactPointId']);
    const { contactPoint, customer } = found;
    await tx.delete(contactPoints).where(own(tx, contactPoints, eq(contactPoints.id, id)));
    await emit(tx, customerContactPointRemoved({ customerId: customer.id, contactPointId: id, channel: contactPoint.channel }));
    if (contactPoint.isPrimary) await promoteNext(tx, contactPoint);
    return ok(customer);
  });
}

async function promoteNext(tx: Tx, { customerId, channel }: ContactPointRow): Promise<void> {
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
