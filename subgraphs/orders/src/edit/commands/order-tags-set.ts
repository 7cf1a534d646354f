import { fail, ok } from '@storegraph/core';
import { idOf, text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { lockOrder } from '../../order/lock.ts';
import { record } from '../../order/record.ts';

const schema = z.object({ orderId: idOf('ord'), tags: z.array(text(50).toLowerCase()).max(50) });

export async function orderTagsSet({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { orderId } = checked.value;
  const tags = [...new Set(checked.value.tags)].toSorted();
  return db.write(async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
    if (order.tags.join('\n') === tags.join('\n')) return ok({ id: order.id });
    await record(tx, order, { tags }, [{ kind: 'TAGS_SET', internal: true }], clock.now());
    return ok({ id: order.id });
  });
}
