import { ok, type Id, type Result } from '@storegraph/core';
import { once } from '@storegraph/database';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { issueGiftCard } from '../issue.ts';
import { issueFields, issuing, tagsOf } from './issue-input.ts';

const schema = z.object({ ...issueFields, customerId: idOf('cus') });

/** Gives a customer credit in the store: a card without a code, which is that customer's alone. */
export async function storeCreditGrant(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return issuing(ctx, input, (tx, currency) =>
    once(tx, 'storeCreditGrant', input, async (): Promise<Result<{ id: Id<'gft'> }, never>> => {
      const terms = {
        kind: 'STORE_CREDIT' as const,
        customerId: input.customerId,
        amount: input.amount,
        currency,
        expiresAt: input.expiresAt ?? null,
        recipientName: null,
        recipientEmail: null,
        senderName: null,
        message: input.message ?? null,
        note: input.note ?? null,
        tags: tagsOf(input.tags),
        requester: null,
        requestKey: null,
      };
      const { card } = await issueGiftCard(tx, ctx.services.sealer, terms, ctx.clock.now());
      return ok({ id: card.id });
    }),
  );
}
