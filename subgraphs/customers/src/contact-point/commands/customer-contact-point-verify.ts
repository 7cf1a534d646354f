import { fail, ok, type Result } from '@storegraph/core';
import { readId, type Context } from '@storegraph/subgraph';
import { lockContactPoint } from '../find.ts';
import type { ContactPointRow } from '../tables.ts';
import { verifyContactPoint } from '../write.ts';

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
    const { contactPoint } = found;
    if (contactPoint.verifiedAt) return fail('ALREADY_VERIFIED', 'The contact point is verified already.', ['contactPointId']);
    return ok(await verifyContactPoint(tx, contactPoint, clock.now()));
  });
}
