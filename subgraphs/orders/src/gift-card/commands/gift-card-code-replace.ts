import { fail, ok, type Id, type Result } from '@storegraph/core';
import { once, type Tx } from '@storegraph/database';
import { giftCardCodeReplaced } from '@storegraph/events';
import { idempotencyKey, idOf, multiline, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { newCode, openCode, sealCode } from '../code.ts';
import { stampOf } from '../entry-event.ts';
import { codeSecret, hashedCode, recipientOf } from '../issue.ts';
import { lockCard, post } from '../ledger.ts';

const schema = z.object({ giftCardId: idOf('gft'), reason: multiline(1000).nullish(), idempotencyKey });
type Input = z.output<typeof schema>;

/** A code that is stored as a hash can't be sent again: whoever lost it, or had it stolen, gets another. */
export async function giftCardCodeReplace(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  const { sealer } = ctx.services;
  const result = await ctx.db.write((tx) => once(tx, 'giftCardCodeReplace', input, () => replace(tx, ctx, input)));
  if (!result.ok) return result;
  const { giftCard, codeSealed } = result.value;
  return ok({ giftCard, code: openCode(sealer, ctx.identity.storeId, giftCard.id, codeSealed) });
}

async function replace(
  tx: Tx,
  { clock, services: { sealer }, identity }: Context,
  { giftCardId, reason = null }: Input,
): Promise<Result<{ giftCard: { id: Id<'gft'> }; codeSealed: string }, 'NOT_FOUND' | 'HAS_NO_CODE'>> {
  const card = await lockCard(tx, giftCardId);
  if (!card) return fail('NOT_FOUND', 'No such gift card.', ['giftCardId']);
  if (card.kind === 'STORE_CREDIT') return fail('HAS_NO_CODE', 'Store credit has no code.', ['giftCardId']);
  const at = clock.now();
  const code = newCode();
  const hashed = await hashedCode(tx, sealer, code);
  await post(tx, card, {
    kind: 'CODE_REPLACE',
    reason,
    at,
    set: hashed,
    event: (changed) =>
      giftCardCodeReplaced(
        { ...stampOf(changed), lastFour: hashed.lastFour },
        { personal: recipientOf(changed), secret: codeSecret(sealer, code, at) },
      ),
  });
  return ok({ giftCard: { id: card.id }, codeSealed: sealCode(sealer, identity.storeId, card.id, code) });
}
