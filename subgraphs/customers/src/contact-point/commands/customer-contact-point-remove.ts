import { fail, ok, type Result } from '@storegraph/core';
import { readId, type Context } from '@storegraph/subgraph';
import type { CustomerRow } from '../../customer/tables.ts';
import { lockContactPoint } from '../find.ts';
import { removeContactPoint } from '../write.ts';

interface Input {
  readonly contactPointId: string;
}

export function customerContactPointRemove({ db }: Context, input: Input): Promise<Result<CustomerRow, 'NOT_FOUND'>> {
  const id = readId('cpt', input.contactPointId);
  return db.write(async (tx) => {
    const found = await lockContactPoint(tx, id);
    if (!found) return fail('NOT_FOUND', 'No such contact point.', ['contactPointId']);
    await removeContactPoint(tx, found.contactPoint);
    return ok(found.customer);
  });
}
