import { ok, type Id, type Result } from '@storegraph/core';
import { once } from '@storegraph/database';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { openCode, sealCode } from '../code.ts';
import { issueGiftCard } from '../issue.ts';
import { issueFields, issuing, recipientFields, tagsOf } from './issue-input.ts';

const schema = z.object({ ...issueFields, ...recipientFields, customerId: idOf('cus').nullish() });

/** Issues a gift card and shows its code. What is kept under the key is sealed, so that the same call again is told the same code. */
export async function giftCardIssue(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  const { sealer } = ctx.services;
  const result = await issuing(ctx, input, (tx, currency) =>
    once(tx, 'giftCardIssue', input, async (): Promise<Result<{ giftCard: { id: Id<'gft'> }; codeSealed: string }, never>> => {
      const terms = {
        kind: 'GIFT_CARD' as const,
        customerId: input.customerId ?? null,
        amount: input.amount,
        currency,
        expiresAt: input.expiresAt ?? null,
        recipientName: input.recipientName ?? null,
        recipientEmail: input.recipientEmail ?? null,
        senderName: input.senderName ?? null,
        message: input.message ?? null,
        note: input.note ?? null,
        tags: tagsOf(input.tags),
        requester: null,
        requestKey: null,
      };
      const { card, code } = await issueGiftCard(tx, sealer, terms, ctx.clock.now());
      return ok({ giftCard: { id: card.id }, codeSealed: sealCode(sealer, ctx.identity.storeId, card.id, code ?? '') });
    }),
  );
  if (!result.ok) return result;
  const { giftCard, codeSealed } = result.value;
  return ok({ giftCard, code: openCode(sealer, ctx.identity.storeId, giftCard.id, codeSealed) });
}
