import { fail, isRefusal, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { integers, once, own, type Tx, uuids } from '@storegraph/database';
import { idempotencyKey, idOf, validate, type Context } from '@storegraph/subgraph';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { quantity } from '../../input.ts';
import { linesOf } from '../../order/lock.ts';
import { record } from '../../order/record.ts';
import type { OrderRow } from '../../order/tables.ts';
import type { RefundTold } from '../../payment/give-back.ts';
import { grantRefund } from '../../payment/grant.ts';
import { worthOf } from '../../payment/plan.ts';
import { lockReturn } from '../lock.ts';
import { moveMessages, receiveRefusal, type ReturnMoveRefusal } from '../return.ts';
import { returnLines, type ReturnLineRow } from '../tables.ts';
import { changeReturn, countUnits, receivedFact, sumOf, type Units } from '../write.ts';

const schema = z.object({
  returnId: idOf('ret'),
  lines: z
    .array(z.object({ lineId: idOf('orl'), quantity }))
    .min(1, { error: 'Name a line.' })
    .max(1000)
    .nullish(),
  refund: z.boolean().nullish(),
  idempotencyKey,
});
type Input = z.output<typeof schema>;

export async function returnReceive({ db, clock, identity }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  if (input.refund && identity.kind !== 'SYSTEM' && !identity.permissions.includes('orders:refund'))
    return fail('REFUND_NOT_PERMITTED', 'You may receive and not refund.', ['refund']);
  return db.write((tx) => once(tx, 'returnReceive', input, () => receive(tx, input, clock.now())));
}

type Code = ReturnMoveRefusal | 'NOT_FOUND' | 'INVALID' | 'QUANTITY_TOO_HIGH' | 'NOTHING_TO_REFUND' | 'AMOUNT_TOO_HIGH';

async function receive(tx: Tx, input: Input, now: Date): Promise<Result<{ id: Id<'ret'> }, Code>> {
  const locked = await lockReturn(tx, input.returnId);
  if (!locked) return fail('NOT_FOUND', 'No such return.', ['returnId']);
  const { order, found, lines } = locked;
  const refusal = receiveRefusal(found.status);
  if (refusal) return fail(refusal, moveMessages[refusal]);
  const units = input.lines ? arrived(lines, input.lines) : ok(allThatIsLeft(lines));
  if (isRefusal(units)) return units;

  // Worked out before the lines' counters change.
  const refunded = input.refund ? await refund(tx, order, units.value, now) : undefined;
  if (refunded && isRefusal(refunded)) return refunded;
  await tx.execute(sql`
    update ${returnLines} set received = received + part.quantity
    from unnest(${uuids(units.value.map(({ lineId }) => lineId))}, ${integers(units.value.map((each) => each.quantity))}) as part (line_id, quantity)
    where ${own(tx, returnLines)} and ${returnLines.returnId} = ${sql.param(found.id, returnLines.returnId)} and ${returnLines.lineId} = part.line_id`);
  await countUnits(tx, units.value, { announced: -1, returned: 1 });
  const receivedUnits = found.receivedUnits + sumOf(units.value);
  const complete = receivedUnits === found.units;
  await changeReturn(tx, found.id, { status: complete ? 'RECEIVED' : 'PARTIALLY_RECEIVED', receivedUnits, receivedAt: now });
  const granted = refunded?.value;
  await record(
    tx,
    order,
    {
      returnedUnits: order.returnedUnits + sumOf(units.value),
      ...(granted ? { granted: order.granted + granted.refund.amount } : {}),
    },
    [receivedFact(found.id, units.value, complete), ...(granted ? [granted.fact] : [])],
    now,
  );
  return ok({ id: found.id });
}

const left = (line: ReturnLineRow) => line.quantity - line.received;

const allThatIsLeft = (lines: readonly ReturnLineRow[]): Units[] =>
  lines.filter((line) => left(line) > 0).map((line) => ({ lineId: line.lineId, quantity: left(line) }));

/** The units that arrived, each line named at most once and with no more than was announced of it, or all that is wrong. */
function arrived(lines: readonly ReturnLineRow[], asked: NonNullable<Input['lines']>): Result<Units[], Code> {
  const problems: Problem<Code>[] = [];
  const seen = new Set<Id<'orl'>>();
  for (const [index, { lineId, quantity: units }] of asked.entries()) {
    const line = lines.find((each) => each.lineId === lineId);
    const field = (name: string) => ['lines', String(index), name];
    if (!line) problems.push({ code: 'NOT_FOUND', message: 'The return has no such line.', field: field('lineId') });
    else if (seen.has(lineId)) problems.push({ code: 'INVALID', message: 'The line is named twice.', field: field('lineId') });
    else if (units > left(line))
      problems.push({ code: 'QUANTITY_TOO_HIGH', message: `Only ${left(line)} are expected.`, field: field('quantity') });
    seen.add(lineId);
  }
  return problems.length > 0 ? refuse(problems) : ok([...asked]);
}

/**
 * Decides a refund of what these units came to, tax and their share of the discounts included; units that were refunded before count for nothing,
 * and it is at most what is left of the payments.
 */
async function refund(tx: Tx, order: OrderRow, units: readonly Units[], now: Date): Promise<Result<RefundTold, Code>> {
  const lines = new Map((await linesOf(tx, order)).map((line) => [line.id, line]));
  const picked = units.flatMap(({ lineId, quantity: of }) => {
    const line = lines.get(lineId);
    const unrefunded = line ? Math.min(of, line.quantity - line.refunded) : 0;
    return line && unrefunded > 0 ? [{ line, quantity: unrefunded }] : [];
  });
  const worth = await worthOf(tx, picked);
  const total = worth.reduce((sum, { amount }) => sum + amount, 0n);
  const most = order.captured - order.refunded - order.granted;
  const about = { units: worth, source: 'RETURN', reason: 'RETURN', note: null } as const;
  return grantRefund(tx, order, { ...about, amount: total < most ? total : most }, now);
}
