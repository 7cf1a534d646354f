import { fail, ok, type Id, type Result } from '@storegraph/core';
import { once, type Tx } from '@storegraph/database';
import { validate, type Context } from '@storegraph/subgraph';
import type { z } from 'zod';
import { lockOrder } from '../../order/lock.ts';
import { record } from '../../order/record.ts';
import { writeGrant } from '../grant.ts';
import { planRefund, type PlanCode } from '../plan.ts';
import { amountOrLines, refundInput } from './refund-input.ts';

type Input = z.output<typeof refundInput>;

export async function refundGrant({ db, clock }: Context, given: unknown) {
  const checked = validate(refundInput, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  const unclear = amountOrLines(input);
  if (unclear) return unclear;
  return db.write((tx) => once(tx, 'refundGrant', input, () => grant(tx, input, clock.now())));
}

async function grant(tx: Tx, input: Input, now: Date): Promise<Result<{ refund: { id: Id<'rfd'> }; order: { id: Id<'ord'> } }, PlanCode>> {
  const order = await lockOrder(tx, input.orderId);
  if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  const plan = await planRefund(tx, order, input);
  if (!plan.ok) return plan;
  const given = { ...plan.value, source: 'MANUAL' as const, reason: input.reason, note: input.note ?? null };
  const { refund, fact } = await writeGrant(tx, order, given, now);
  await record(tx, order, { granted: order.granted + refund.amount }, [fact], now);
  return ok({ refund: { id: refund.id }, order: { id: order.id } });
}
