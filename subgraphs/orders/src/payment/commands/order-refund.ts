import { fail, ok, type Id, type Result } from '@storegraph/core';
import { once, type Tx } from '@storegraph/database';
import { validate, type Context } from '@storegraph/subgraph';
import type { z } from 'zod';
import { lockOrder } from '../../order/lock.ts';
import { record } from '../../order/record.ts';
import { giveBack } from '../give-back.ts';
import { planRefund, type PlanCode } from '../plan.ts';
import { amountOrLines, refundInput } from './refund-input.ts';

type Input = z.output<typeof refundInput>;

export async function orderRefund({ db, clock }: Context, given: unknown) {
  const checked = validate(refundInput, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  const unclear = amountOrLines(input);
  if (unclear) return unclear;
  return db.write((tx) => once(tx, 'orderRefund', input, () => refund(tx, input, clock.now())));
}

async function refund(tx: Tx, input: Input, now: Date): Promise<Result<{ refund: { id: Id<'rfd'> }; order: { id: Id<'ord'> } }, PlanCode>> {
  const order = await lockOrder(tx, input.orderId);
  if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  const plan = await planRefund(tx, order, input);
  if (!plan.ok) return plan;
  const given = { ...plan.value, source: 'MANUAL' as const, reason: input.reason, note: input.note ?? null };
  const { refund: made, fact } = await giveBack(tx, order, given, now);
  await record(tx, order, { refunded: order.refunded + made.amount }, [fact], now);
  return ok({ refund: { id: made.id }, order: { id: order.id } });
}
