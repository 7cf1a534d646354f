import { fail, ok, type Result } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { customerStatusChanged, emit } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { canBecome, type CustomerStatus } from '../customer.ts';
import { endSessions } from '../../session/revoke.ts';
import { lockCustomer } from '../lock.ts';
import { customers, type CustomerRow } from '../tables.ts';

interface Input {
  readonly customerId: string;
  readonly status: CustomerStatus;
}

export function customerStatusSet(
  { db, clock }: Context,
  { customerId, status }: Input,
): Promise<Result<CustomerRow, 'NOT_FOUND' | 'ALREADY_IN_STATUS'>> {
  const id = readId('cus', customerId);
  return db.write(async (tx) => {
    const before = await lockCustomer(tx, id);
    if (!before) return fail('NOT_FOUND', 'No such customer.', ['customerId']);
    if (!canBecome(before.status, status)) return fail('ALREADY_IN_STATUS', 'The customer has this status already.', ['status']);
    const customer = one(
      await tx
        .update(customers)
        .set({ status })
        .where(own(tx, customers, eq(customers.id, id)))
        .returning(),
    );
    if (status === 'DISABLED') await endSessions(tx, id, 'CUSTOMER_DISABLED', clock.now());
    await emit(tx, customerStatusChanged({ customerId: id, from: before.status, to: status }));
    return ok(customer);
  });
}
