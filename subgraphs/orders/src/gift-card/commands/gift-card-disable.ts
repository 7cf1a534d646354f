import { fail, ok } from '@storegraph/core';
import { idOf, multiline, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { lockCard, post } from '../ledger.ts';

const schema = z.object({ giftCardId: idOf('gft'), reason: multiline(1000).nullish() });

/** What the card has promised to orders stays promised. */
export async function giftCardDisable({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { giftCardId, reason = null } = checked.value;
  return db.write(async (tx) => {
    const card = await lockCard(tx, giftCardId);
    if (!card) return fail('NOT_FOUND', 'No such gift card.', ['giftCardId']);
    if (card.disabledAt) return fail('ALREADY_DISABLED', 'The gift card is disabled already.');
    const at = clock.now();
    await post(tx, card, { kind: 'DISABLE', reason, at, set: { disabledAt: at } });
    return ok({ id: card.id });
  });
}
