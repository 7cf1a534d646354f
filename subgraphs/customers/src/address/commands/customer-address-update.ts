import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { customerAddressUpdated, emit } from '@storegraph/events';
import { country, idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { ownerOf } from '../../caller.ts';
import { phone } from '../../contact-point/contact-point.ts';
import { badPhone, line1, optionalParts } from '../address.ts';
import { lockAddress } from '../find.ts';
import { addresses, type AddressRow } from '../tables.ts';
import { addressFacts, addressPersonal, releaseDefaults } from '../write.ts';

const inputSchema = z.object({
  addressId: idOf('adr'),
  ...optionalParts,
  line1: line1.optional(),
  country: country.optional(),
  defaultBilling: z.boolean().nullish(),
  defaultShipping: z.boolean().nullish(),
});

export async function customerAddressUpdate(ctx: Context, given: unknown): Promise<Result<AddressRow, InputCode | 'NOT_FOUND'>> {
  const checked = validate(inputSchema, given);
  if (isRefusal(checked)) return checked;
  const { addressId, ...input } = checked.value;

  const { db, owns } = ownerOf(ctx);
  return db.write(async (tx) => {
    const found = await lockAddress(tx, addressId);
    if (!found || !owns(found.customer.id)) return fail('NOT_FOUND', 'No such address.', ['addressId']);
    const before = found.address;

    const number = input.phone ? phone(input.phone, input.country ?? before.country) : input.phone;
    if (input.phone && number === undefined) return fail('INVALID', badPhone, ['phone']);
    const wanted = {
      ...input,
      phone: number,
      defaultBilling: input.defaultBilling ?? before.defaultBilling,
      defaultShipping: input.defaultShipping ?? before.defaultShipping,
    };
    const keys = (Object.keys(wanted) as (keyof typeof wanted)[]).filter((key) => wanted[key] !== undefined && wanted[key] !== before[key]);
    if (keys.length === 0) return ok(before);

    await releaseDefaults(tx, before.customerId, wanted, addressId);
    const isIt = own(tx, addresses, eq(addresses.id, addressId));
    const address = one(await tx.update(addresses).set(wanted).where(isIt).returning());
    await emit(tx, customerAddressUpdated(addressFacts(address), { personal: addressPersonal(address) }));
    return ok(address);
  });
}
