import { fail, ok, type Result } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { customerContactPointVerified, emit } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { lockContactPoint } from '../find.ts';
import { contactPoints, type ContactPointRow } from '../tables.ts';

interface Input {
  readonly contactPointId: string;
}

export function customerContactPointVerify(
  { db, clock }: Context,
  input: Input,
): Promise<Result<ContactPointRow, 'NOT_FOUND' | 'ALREADY_VERIFIED'>> {
  const id = readId('cpt', input.contactPointId);
  return db.write(async (tx) => {
    const found = await lockContactPoint(tx, id);
    if (!found) return fail('NOT_FOUND', 'No such contact point.', ['contactPointId']);
    const { customerId, channel, verifiedAt } = found.contactPoint;
    if (verifiedAt) return fail('ALREADY_VERIFIED', 'The contact point is verified already.', ['contactPointId']);
    const now = clock.now();
    const isIt = own(tx, contactPoints, eq(contactPoints.id, id));
    const contactPoint = one(await tx.update(contactPoints).set({ verifiedAt: now }).where(isIt).returning());
    await emit(tx, customerContactPointVerified({ customerId, contactPointId: id, channel, verifiedAt: now }));
    return ok(contactPoint);
  });
}
