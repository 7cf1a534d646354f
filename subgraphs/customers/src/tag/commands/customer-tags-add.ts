import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { changeCustomer } from '../../customer/change.ts';
import { lockCustomer } from '../../customer/lock.ts';
import type { CustomerRow } from '../../customer/tables.ts';
import { addTags, countTags } from '../write.ts';
import { mostTags, tagsInput } from '../tag.ts';

const schema = z.object({ customerId: idOf('cus'), tags: tagsInput });

export async function customerTagsAdd(
  { db }: Context,
  given: unknown,
): Promise<Result<CustomerRow, InputCode | 'NOT_FOUND' | 'TOO_MANY_TAGS'>> {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { customerId, tags } = checked.value;
  return db.write(async (tx) => {
    const customer = await lockCustomer(tx, customerId);
    if (!customer) return fail('NOT_FOUND', 'No such customer.', ['customerId']);
    if (!(await addTags(tx, customerId, tags))) return ok(customer);
    if ((await countTags(tx, customerId)) > mostTags) return fail('TOO_MANY_TAGS', `A customer bears at most ${mostTags} tags.`, ['tags']);
    return ok(await changeCustomer(tx, customer, {}, ['tags']));
  });
}
