import { fail, ok } from '@storegraph/core';
import { idOf, multiline, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { lockCard, post } from '../ledger.ts';

const schema = z.object({ giftCardId: idOf('gft'), expiresAt: z.date().nullish(), reason: multiline(1000).nullish() });

/** Until when a card is good; for good when no day is named. A card that has expired is good again. */
export async function giftCardExpirySet({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { giftCardId, expiresAt = null, reason = null } = checked.value;
  const at = clock.now();
  if (expiresAt && expiresAt <= at) return fail('INVALID', 'Must lie in the future. Disable the card to end it now.', ['expiresAt']);
  return db.write(async (tx) => {
    const card = await lockCard(tx, giftCardId);
    if (!card) return fail('NOT_FOUND', 'No such gift card.', ['giftCardId']);
    await post(tx, card, { kind: 'EXPIRY_SET', reason, at, set: { expiresAt } });
    return ok({ id: card.id });
  });
}
