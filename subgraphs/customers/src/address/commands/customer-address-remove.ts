import { fail, ok, type Result } from '@storegraph/core';
import { own } from '@storegraph/database';
import { customerAddressRemoved, emit } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { ownerOf } from '../../caller.ts';
import type { CustomerRow } from '../../customer/tables.ts';
import { lockAddress } from '../find.ts';
import { addresses } from '../tables.ts';

export function customerAddressRemove(ctx: Context, input: { readonly addressId: string }): Promise<Result<CustomerRow, 'NOT_FOUND'>> {
  const addressId = readId('adr', input.addressId);
  const { db, owns } = ownerOf(ctx);
  return db.write(async (tx) => {
    const found = await lockAddress(tx, addressId);
    if (!found || !owns(found.customer.id)) return fail('NOT_FOUND', 'No such address.', ['addressId']);
    await tx.delete(addresses).where(own(tx, addresses, eq(addresses.id, addressId)));
    await emit(tx, customerAddressRemoved({ customerId: found.customer.id, addressId }));
    return ok(found.customer);
  });
}
