import { parseId } from '@storegraph/core';
import { first, own, owned } from '@storegraph/database';
import { defineReaction, personalDataErased } from '@storegraph/events';
import { and, eq, isNull } from 'drizzle-orm';
import { erasureParts, erasures } from './tables.ts';

/** Puts each domain's answer on the receipt. The first one of a domain counts, and what belongs to no erasure of the store is nobody's. */
export const collectReceipts = defineReaction({
  name: 'customers.collect-erasure-receipts',
  kind: 'projection',
  on: [personalDataErased],
  handle: async (tx, { payload, occurredAt }) => {
    const erasureId = parseId('ers', payload.requestId);
    if (!erasureId) return;
    const isIt = own(tx, erasures, eq(erasures.id, erasureId));
    // Two last answers at once must see each other.
    const erasure = first(await tx.select().from(erasures).where(isIt).for('update'));
    if (erasure?.customerId !== payload.subject) return;
    const { domain, erased, kept } = payload;
    await tx
      .insert(erasureParts)
      .values(owned(tx, { erasureId, domain, doneAt: occurredAt, erased, kept }))
      .onConflictDoUpdate({
        target: [erasureParts.storeId, erasureParts.erasureId, erasureParts.domain],
        set: { doneAt: occurredAt, erased, kept },
        setWhere: isNull(erasureParts.doneAt),
      });
    const awaited = await tx.$count(
      erasureParts,
      own(tx, erasureParts, and(eq(erasureParts.erasureId, erasureId), isNull(erasureParts.doneAt))),
    );
    if (awaited === 0 && erasure.status === 'PENDING')
      await tx.update(erasures).set({ status: 'COMPLETED', completedAt: occurredAt }).where(isIt);
  },
});
