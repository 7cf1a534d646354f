import { fail, ok } from '@storegraph/core';
import { idOf, multiline, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { lockOrder } from '../lock.ts';
import { record } from '../record.ts';

const schema = z.object({ orderId: idOf('ord'), note: multiline(5000).nullish() });

export async function orderNoteSet({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { orderId, note = null } = checked.value;
  return db.write(async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
    if (order.note === note) return ok({ id: order.id });
    // The words stand in the order alone, so that erasing them there is enough.
    await record(tx, order, { note }, [{ kind: 'NOTE_SET', internal: true }], clock.now());
    return ok({ id: order.id });
  });
}
