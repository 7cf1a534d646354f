import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { customerUpdated, emit } from '@storegraph/events';
import { idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { lockCustomer } from '../lock.ts';
import { searchName } from '../name.ts';
import { changedFields, profileOf, profileShape } from '../profile.ts';
import { customers, type CustomerRow } from '../tables.ts';

export async function customerUpdate({ db, clock }: Context, given: unknown): Promise<Result<CustomerRow, InputCode | 'NOT_FOUND'>> {
  const checked = validate(z.object({ customerId: idOf('cus'), ...profileShape(clock.now()) }), given);
  if (isRefusal(checked)) return checked;
  const { customerId, ...changes } = checked.value;

  return db.write(async (tx) => {
    const before = await lockCustomer(tx, customerId);
    if (!before) return fail('NOT_FOUND', 'No such customer.', ['customerId']);
    const profile = profileOf(changes, before);
    const changed = changedFields(before, profile);
    if (changed.length === 0) return ok(before);

    const customer = one(
      await tx
        .update(customers)
        .set({ ...profile, searchName: searchName(profile.firstName, profile.lastName) })
        .where(own(tx, customers, eq(customers.id, customerId)))
        .returning(),
    );
    await emit(tx, customerUpdated({ customerId, changed }, { personal: profile }));
    return ok(customer);
  });
}
