import { fail, ok, type Id, type Result } from '@storegraph/core';
import { once, type Tx } from '@storegraph/database';
import { idempotencyKey, idOf, text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { positiveAmount } from '../../input.ts';
import { lockOrder } from '../../order/lock.ts';
import { record } from '../../order/record.ts';
import { applyGiftCard, type ApplyCode } from '../apply.ts';
import { lookUpCode } from '../guess.ts';

const schema = z.object({
  orderId: idOf('ord'),
  code: text(100).nullish(),
  giftCardId: idOf('gft').nullish(),
  amount: positiveAmount.nullish(),
  idempotencyKey,
});

export async function orderGiftCardApply(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { code, giftCardId, ...input } = checked.value;
  if (Boolean(code) === Boolean(giftCardId)) return fail('CODE_OR_GIFT_CARD', 'Name a code or a gift card, and not both.', ['code']);
  const named = code ? await byCode(ctx, code) : ok(giftCardId);
  if (!named.ok) return named;
  // Under the key stands the card and not the code: not even its hash is anywhere but on the card.
  const asked = { ...input, cardId: named.value };
  return ctx.db.write((tx) => once(tx, 'orderGiftCardApply', asked, () => apply(tx, asked, ctx.clock.now())));
}

async function byCode(ctx: Context, code: string): Promise<Result<Id<'gft'>, 'NOT_FOUND' | 'TOO_MANY_ATTEMPTS'>> {
  const found = await lookUpCode(ctx, code);
  if (!found.ok) return found;
  return found.value ? ok(found.value.id) : fail('NOT_FOUND', 'No such gift card.', ['code']);
}

interface Asked {
  readonly orderId: Id<'ord'>;
  readonly cardId?: Id<'gft'> | null | undefined;
  readonly amount?: bigint | null | undefined;
}

async function apply(
  tx: Tx,
  { orderId, cardId, amount = null }: Asked,
  now: Date,
): Promise<Result<{ payment: { id: Id<'opm'> }; order: { id: Id<'ord'> } }, ApplyCode>> {
  const order = await lockOrder(tx, orderId);
  if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  if (!cardId) return fail('NOT_FOUND', 'No such gift card.', ['giftCardId']);
  const applied = await applyGiftCard(tx, order, { cardId, amount }, now);
  if (!applied.ok) return applied;
  const { payment, fact, authorized } = applied.value;
  await record(tx, order, { authorized: order.authorized + authorized }, [fact], now);
  return ok({ payment: { id: payment.id }, order: { id: order.id } });
}
