import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { changeCustomer } from '../../customer/change.ts';
import { lockCustomer } from '../../customer/lock.ts';
import type { CustomerRow } from '../../customer/tables.ts';
import { removeTags } from '../write.ts';
import { tagsInput } from '../tag.ts';

const schema = z.object({ customerId: idOf('cus'), tags: tagsInput });

export async function customerTagsRemove({ db }: Context, given: unknown): Promise<Result<CustomerRow, InputCode | 'NOT_FOUND'>> {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { customerId, tags } = checked.value;
  return db.write(async (tx) => {
    const customer = await lockCustomer(tx, customerId);
    if (!customer) return fail('NOT_FOUND', 'No such customer.', ['customerId']);
    if (!(await removeTags(tx, customerId, tags))) return ok(customer);
    return ok(await changeCustomer(tx, customer, {}, ['tags']));
  });
}
