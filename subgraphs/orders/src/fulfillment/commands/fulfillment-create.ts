import { fail, newId, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { integers, once, own, owned, type Tx, uuids } from '@storegraph/database';
import { fulfillmentCreated } from '@storegraph/events';
import { idempotencyKey, idOf, validate, type Context } from '@storegraph/subgraph';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { quantity } from '../../input.ts';
import { linesOf, lockOrder } from '../../order/lock.ts';
import { fulfillRefusal, type FulfillRefusal } from '../../order/order.ts';
import { record, type Fact } from '../../order/record.ts';
import { orderLines, type OrderLineRow } from '../../order/tables.ts';
import { pickUnits, type Picked } from '../../order/pick.ts';
import { fulfillmentLines, fulfillments } from '../tables.ts';

const schema = z.object({
  orderId: idOf('ord'),
  lines: z
    .array(z.object({ lineId: idOf('orl'), quantity }))
    .min(1, { error: 'A parcel needs a line.' })
    .max(1000)
    .nullish(),
  idempotencyKey,
});
type Input = z.output<typeof schema>;

const messages: Readonly<Record<FulfillRefusal, string>> = {
  ORDER_CLOSED: 'The order is not open.',
  NOTHING_TO_FULFILL: 'Every unit is in a parcel already.',
};

export async function fulfillmentCreate({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write((tx) => once(tx, 'fulfillmentCreate', input, () => create(tx, input, clock.now())));
}

type Code = FulfillRefusal | 'NOT_FOUND' | 'INVALID' | 'QUANTITY_TOO_HIGH';

async function create(tx: Tx, input: Input, now: Date): Promise<Result<{ id: Id<'ful'> }, Code>> {
  const order = await lockOrder(tx, input.orderId);
  if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  const refusal = fulfillRefusal(order);
  if (refusal) return fail(refusal, messages[refusal]);
  const lines = await linesOf(tx, order);
  const picked = input.lines ? pickUnits(lines, input.lines, left) : ok(allThatIsLeft(lines));
  if (!picked.ok) return refuse<Code>(picked.problems satisfies readonly Problem<Code>[]);

  const id = newId('ful');
  const { customerId } = order;
  await tx.insert(fulfillments).values(owned(tx, { id, orderId: order.id, customerId, status: 'PENDING' as const }));
  await tx
    .insert(fulfillmentLines)
    .values(
      picked.value.map(({ line, quantity: units }) =>
        owned(tx, { id: newId('ffl'), fulfillmentId: id, lineId: line.id, customerId, quantity: units }),
      ),
    );
  await tx.execute(sql`
    update ${orderLines} set allocated = allocated + picked.quantity
    from unnest(${uuids(picked.value.map(({ line }) => line.id))}, ${integers(picked.value.map((each) => each.quantity))}) as picked (id, quantity)
    where ${own(tx, orderLines)} and ${orderLines.id} = picked.id`);
  const units = picked.value.reduce((sum, each) => sum + each.quantity, 0);
  const created: Fact = {
    kind: 'FULFILLMENT_CREATED',
    fulfillmentId: id,
    event: (stamp) =>
      fulfillmentCreated({
        ...stamp,
        fulfillmentId: id,
        lines: picked.value.map(({ line, quantity: of }) => ({ lineId: line.id, quantity: of })),
      }),
  };
  await record(tx, order, { allocatedUnits: order.allocatedUnits + units }, [created], now);
  return ok({ id });
}

const left = (line: OrderLineRow) => line.quantity - line.allocated;

const allThatIsLeft = (lines: readonly OrderLineRow[]): Picked[] =>
  lines.filter((line) => left(line) > 0).map((line) => ({ line, quantity: left(line) }));
