import { fail, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { once, own, type Tx } from '@storegraph/database';
import { idempotencyKey, idOf, text, validate, type Context } from '@storegraph/subgraph';
import { asc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { record } from '../../order/record.ts';
import { lockRefund } from '../lock.ts';
import { settleRefusal, type SettleRefusal } from '../payment.ts';
import { settleShares } from '../settle.ts';
import { refundPayments, type RefundPaymentRow } from '../tables.ts';

const schema = z.object({
  refundId: idOf('rfd'),
  shares: z
    .array(z.object({ paymentId: idOf('opm'), reference: text(200).nullish() }))
    .min(1, { error: 'Name a payment.' })
    .max(100)
    .nullish(),
  idempotencyKey,
});
type Input = z.output<typeof schema>;

export const settleMessages: Readonly<Record<SettleRefusal, string>> = {
  ALREADY_SETTLED: 'All of the refund has gone back.',
  ALREADY_CANCELLED: 'The refund was cancelled.',
};

export async function refundSettle({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write((tx) => once(tx, 'refundSettle', input, () => settle(tx, input, clock.now())));
}

type Code = SettleRefusal | 'NOT_FOUND' | 'INVALID' | 'SHARE_SETTLED';

async function settle(tx: Tx, input: Input, now: Date): Promise<Result<{ refund: { id: Id<'rfd'> }; order: { id: Id<'ord'> } }, Code>> {
  const locked = await lockRefund(tx, input.refundId);
  if (!locked) return fail('NOT_FOUND', 'No such refund.', ['refundId']);
  const { refund, order } = locked;
  const refusal = order ? settleRefusal(refund) : 'ALREADY_SETTLED';
  if (refusal || !order) return fail(refusal ?? 'ALREADY_SETTLED', settleMessages[refusal ?? 'ALREADY_SETTLED']);

  const planned = await tx
    .select()
    .from(refundPayments)
    .where(own(tx, refundPayments, eq(refundPayments.refundId, refund.id), input.shares ? undefined : isNull(refundPayments.settledAt)))
    .orderBy(asc(refundPayments.id));
  const chosen = input.shares ? named(planned, input.shares) : ok(planned.map((share) => ({ share, reference: null })));
  if (!chosen.ok) return chosen;
  const { fact, amount } = await settleShares(tx, order, refund, chosen.value, now);
  await record(tx, order, { granted: order.granted - amount, refunded: order.refunded + amount }, [fact], now);
  return ok({ refund: { id: refund.id }, order: { id: order.id } });
}

function named(
  planned: readonly RefundPaymentRow[],
  asked: readonly { paymentId: Id<'opm'>; reference?: string | null | undefined }[],
): Result<{ share: RefundPaymentRow; reference: string | null }[], 'NOT_FOUND' | 'INVALID' | 'SHARE_SETTLED'> {
  const problems: Problem<'NOT_FOUND' | 'INVALID' | 'SHARE_SETTLED'>[] = [];
  const chosen: { share: RefundPaymentRow; reference: string | null }[] = [];
  for (const [index, { paymentId, reference }] of asked.entries()) {
    const share = planned.find((each) => each.paymentId === paymentId);
    const field = ['shares', String(index), 'paymentId'];
    if (!share) problems.push({ code: 'NOT_FOUND', message: 'The refund has no share of this payment.', field });
    else if (chosen.some((other) => other.share === share))
      problems.push({ code: 'INVALID', message: 'The payment is named twice.', field });
    else if (share.settledAt) problems.push({ code: 'SHARE_SETTLED', message: 'This share has gone back already.', field });
    else chosen.push({ share, reference: reference ?? null });
  }
  return problems.length > 0 ? refuse(problems) : ok(chosen);
}
