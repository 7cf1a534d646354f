import { fail, ok } from '@storegraph/core';
import { idOf, jsonObject, multiline, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { addressOf, addressSchema, contactOf, contactSchema } from '../../order/asked.ts';
import { lockOrder } from '../../order/lock.ts';
import { record } from '../../order/record.ts';
import type { OrderRow } from '../../order/tables.ts';

const schema = z.object({
  orderId: idOf('ord'),
  contact: contactSchema.nullish(),
  billingAddress: addressSchema.nullish(),
  shippingAddress: addressSchema.nullish(),
  customerNote: multiline(5000).nullish(),
  metadata: jsonObject(20_000).nullish(),
});
type Input = z.output<typeof schema>;

export async function orderUpdate({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write(async (tx) => {
    const order = await lockOrder(tx, input.orderId);
    if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
    if (input.shippingAddress !== undefined && order.orderedUnits > 0 && order.shippedUnits === order.orderedUnits)
      return fail('ALREADY_SHIPPED', 'All of the order has left.', ['shippingAddress']);
    const changes = changesOf(input);
    if (Object.keys(changes).length > 0) await record(tx, order, changes, [{ kind: 'UPDATED', internal: true }], clock.now());
    return ok({ id: order.id });
  });
}

function changesOf({ contact, billingAddress, shippingAddress, customerNote, metadata }: Input): Partial<OrderRow> {
  const { name, email, phone } = contactOf(contact ?? {});
  return {
    ...(contact === undefined ? {} : { contactName: name, contactEmail: email, contactPhone: phone }),
    ...(billingAddress === undefined ? {} : { billingAddress: addressOf(billingAddress) }),
    ...(shippingAddress === undefined ? {} : { shippingAddress: addressOf(shippingAddress) }),
    ...(customerNote === undefined ? {} : { customerNote }),
    ...(metadata === undefined ? {} : { metadata: metadata ?? {} }),
  };
}
