import { system } from '@storegraph/auth';
import { fail, newId, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { insertRows, once, own, owned, type Tx } from '@storegraph/database';
import { idempotencyKey, idOf, multiline, readId, validate, type Context } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { quantity } from '../../input.ts';
import { linesOf, lockOrder } from '../../order/lock.ts';
import { returnRefusal } from '../../order/order.ts';
import { pickUnits } from '../../order/pick.ts';
import { record, type FactActor } from '../../order/record.ts';
import { orders } from '../../order/tables.ts';
import { returnReasons } from '../return.ts';
import { returnLines, returns } from '../tables.ts';
import { approvedFact, countUnits, requestedFact, sumOf } from '../write.ts';

const schema = z.object({
  orderId: idOf('ord'),
  lines: z
    .array(z.object({ lineId: idOf('orl'), quantity, reason: z.enum(returnReasons) }))
    .min(1, { error: 'Name a line.' })
    .max(1000),
  customerNote: multiline(5000).nullish(),
  note: multiline(5000).nullish(),
  approve: z.boolean().nullish(),
  idempotencyKey,
});
type Input = z.output<typeof schema>;

/** Asked for by the staff, or by a customer, of what arrived of an own order. */
export async function returnRequest(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  const { identity, clock } = ctx;
  if (identity.kind !== 'CUSTOMER')
    return ctx.db.write((tx) => once(tx, 'returnRequest', input, () => request(tx, input, null, clock.now())));
  if (input.approve || input.note) return fail('NOT_PERMITTED', 'The staff decide on a return.', [input.approve ? 'approve' : 'note']);
  const customer = { kind: 'CUSTOMER', id: identity.subjectId } as const;
  // The system writes for every customer of the store: a key is a customer's own.
  const theirs = { ...input, idempotencyKey: `${identity.subjectId ?? ''} ${input.idempotencyKey}` };
  return ctx.as(system(identity.storeId)).db.write(async (tx) => {
    // Before `once`, so that nothing is kept for whoever names somebody else's order.
    const isTheirs = and(eq(orders.id, input.orderId), eq(orders.customerId, readId('cus', identity.subjectId)));
    const found = await tx
      .select({ id: orders.id })
      .from(orders)
      .where(own(tx, orders, isTheirs));
    if (found.length === 0) return fail('NOT_FOUND', 'No such order.', ['orderId']);
    return once(tx, 'returnRequest', theirs, () => request(tx, input, customer, clock.now()));
  });
}

type Code = 'NOT_FOUND' | 'INVALID' | 'NOTHING_TO_RETURN' | 'QUANTITY_TOO_HIGH';

async function request(tx: Tx, input: Input, customer: FactActor | null, now: Date): Promise<Result<{ id: Id<'ret'> }, Code>> {
  const order = await lockOrder(tx, input.orderId);
  if (!order || order.status === 'DRAFT' || (customer && order.customerId !== customer.id))
    return fail('NOT_FOUND', 'No such order.', ['orderId']);
  const refusal = returnRefusal(order);
  if (refusal) return fail(refusal, 'Nothing of the order has left that did not come back.');
  // A customer can send back what has arrived; the staff know of a parcel that comes back by itself.
  const lines = await linesOf(tx, order);
  const picked = pickUnits(lines, input.lines, (line) => (customer ? line.delivered : line.shipped) - line.returned - line.returningUnits);
  if (!picked.ok) return refuse<Code>(picked.problems satisfies readonly Problem<Code>[]);

  const id = newId('ret');
  const { customerId } = order;
  const units = picked.value.map(({ line, quantity: of }) => ({ lineId: line.id, quantity: of }));
  await countUnits(tx, units, { announced: 1, returned: 0 });
  await insertRows(tx, returns, [
    owned(tx, {
      id,
      orderId: order.id,
      customerId,
      status: input.approve ? ('APPROVED' as const) : ('REQUESTED' as const),
      units: sumOf(units),
      receivedUnits: 0,
      customerNote: input.customerNote ?? null,
      note: input.note ?? null,
      requestedAt: now,
      approvedAt: input.approve ? now : null,
    }),
  ]);
  await insertRows(
    tx,
    returnLines,
    input.lines.map(({ lineId, quantity: of, reason }) =>
      owned(tx, { id: newId('rtl'), returnId: id, lineId, customerId, quantity: of, received: 0, reason }),
    ),
  );
  const facts = [requestedFact(id, units), ...(input.approve ? [approvedFact(id)] : [])];
  await record(tx, order, {}, facts, now, customer ?? undefined);
  return ok({ id });
}
