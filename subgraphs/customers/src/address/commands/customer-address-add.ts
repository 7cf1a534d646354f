import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { ownerOf } from '../../caller.ts';
import { lockCustomer } from '../../customer/lock.ts';
import { addressInput, mostAddresses } from '../address.ts';
import { addresses, type AddressRow } from '../tables.ts';
import { insertAddresses, releaseDefaults } from '../write.ts';

type Code = InputCode | 'NOT_FOUND' | 'TOO_MANY';

const inputSchema = z.object({ customerId: idOf('cus'), address: addressInput });

export async function customerAddressAdd(ctx: Context, given: unknown): Promise<Result<AddressRow, Code>> {
  const checked = validate(inputSchema, given);
  if (isRefusal(checked)) return checked;
  const { customerId, address } = checked.value;

  const { db, owns } = ownerOf(ctx);
  return db.write(async (tx) => {
    if (!owns(customerId) || !(await lockCustomer(tx, customerId))) return fail('NOT_FOUND', 'No such customer.', ['customerId']);
    const count = await tx.$count(addresses, own(tx, addresses, eq(addresses.customerId, customerId)));
    if (count >= mostAddresses) return fail('TOO_MANY', `A customer can have ${mostAddresses} addresses.`);
    await releaseDefaults(tx, customerId, address);
    return ok(one(await insertAddresses(tx, customerId, [address])));
  });
}
