import { isRefusal, ok } from '@storegraph/core';
import { insertRows, own, owned } from '@storegraph/database';
import { text, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { sortRefusal } from '../conversation.ts';
import { changeConversation, refusedBy } from '../move.ts';
import { conversationLabels } from '../tables.ts';

const schema = z.object({ conversationId: z.string(), labels: z.array(text(50)).max(20) });

export function conversationLabelsSet(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { conversationId, labels } = checked.value;
  return changeConversation(ctx, conversationId, async (tx, conversation) => {
    const refusal = sortRefusal(conversation);
    if (refusal) return refusedBy(refusal);
    const theirs = own(tx, conversationLabels, eq(conversationLabels.conversationId, conversation.id));
    const before = new Set(
      (await tx.select({ label: conversationLabels.label }).from(conversationLabels).where(theirs)).map(({ label }) => label),
    );
    const after = new Set(labels);
    if (before.size === after.size && [...after].every((label) => before.has(label))) return ok({ changes: [] });
    await tx.delete(conversationLabels).where(theirs);
    await insertRows(
      tx,
      conversationLabels,
      [...after].map((label) => owned(tx, { conversationId: conversation.id, label })),
    );
    return ok({ changes: [{ kind: 'LABELS_CHANGED' as const, public: false }] });
  });
}
