import { fail, ok, type Result } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { customerContactPointPrimaryChanged, emit } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { lockContactPoint } from '../find.ts';
import { contactPoints, type ContactPointRow } from '../tables.ts';
import { releasePrimary } from '../write.ts';

interface Input {
  readonly contactPointId: string;
}

export function customerContactPointPrimarySet(
  { db }: Context,
  input: Input,
): Promise<Result<ContactPointRow, 'NOT_FOUND' | 'ALREADY_PRIMARY'>> {
  const id = readId('cpt', input.contactPointId);
  return db.write(async (tx) => {
    const found = await lockContactPoint(tx, id);
    if (!found) return fail('NOT_FOUND', 'No such contact point.', ['contactPointId']);
    const { customerId, channel, isPrimary } = found.contactPoint;
    if (isPrimary) return fail('ALREADY_PRIMARY', 'The contact point is the primary one of its channel already.', ['contactPointId']);
    await releasePrimary(tx, customerId, channel);
    const isIt = own(tx, contactPoints, eq(contactPoints.id, id));
    const contactPoint = one(await tx.update(contactPoints).set({ isPrimary: true }).where(isIt).returning());
    await emit(tx, customerContactPointPrimaryChanged({ customerId, contactPointId: id, channel }));
    return ok(contactPoint);
  });
}
