import { fail, ok, type Id, type Result } from '@storegraph/core';
import { once, type Tx } from '@storegraph/database';
import { idempotencyKey, idOf, multiline, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { available, maxBalance } from '../gift-card.ts';
import { lockCard, post } from '../ledger.ts';

const schema = z.object({
  giftCardId: idOf('gft'),
  amount: z
    .bigint()
    .min(-maxBalance, { error: 'Is too low.' })
    .max(maxBalance, { error: 'Is too high.' })
    .refine((amount) => amount !== 0n, { error: 'Must not be zero.' }),
  reason: multiline(1000),
  idempotencyKey,
});
type Input = z.output<typeof schema>;

export async function giftCardAdjust({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write((tx) => once(tx, 'giftCardAdjust', input, () => adjust(tx, input, clock.now())));
}

async function adjust(
  tx: Tx,
  { giftCardId, amount, reason }: Input,
  at: Date,
): Promise<Result<{ id: Id<'gft'> }, 'NOT_FOUND' | 'INSUFFICIENT_BALANCE' | 'AMOUNT_TOO_HIGH'>> {
  const card = await lockCard(tx, giftCardId);
  if (!card) return fail('NOT_FOUND', 'No such gift card.', ['giftCardId']);
  if (available(card) + amount < 0n) return fail('INSUFFICIENT_BALANCE', `Only ${available(card)} is left and not promised.`, ['amount']);
  if (card.balance + amount > maxBalance)
    return fail('AMOUNT_TOO_HIGH', 'A card holds at most 10,000,000,000,000 minor units.', ['amount']);
  await post(tx, card, { kind: 'ADJUST', amount, reason, at });
  return ok({ id: card.id });
}
