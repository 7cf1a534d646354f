import type { Id } from '@storegraph/core';
import { own, uuids } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, desc, getTableColumns, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { visible } from './access.ts';
import { conversationLabels, conversations } from './tables.ts';

const merged = alias(conversations, 'merged');
const mostMerged = 100;

export const loaders = (ctx: LoadContext) => ({
  /** Null for one that the caller may not know of. */
  byId: loader(ctx, async (ids: readonly Id<'cnv'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(conversations)
        .where(own(tx, conversations, sql`${conversations.id} = any(${uuids(ids)})`, visible(ctx.identity))),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  labels: loader(ctx, async (ids: readonly Id<'cnv'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select({ conversationId: conversationLabels.conversationId, label: conversationLabels.label })
        .from(conversationLabels)
        .where(own(tx, conversationLabels, sql`${conversationLabels.conversationId} = any(${uuids(ids)})`))
        .orderBy(asc(conversationLabels.label)),
    );
    return grouped(ids, rows, (row) => row.conversationId).map((theirs) => theirs.map(({ label }) => label));
  }),
  mergedInto: loader(ctx, async (ids: readonly Id<'cnv'>[]) => {
    const rows = await ctx.db.read((tx) => {
      const lateral = tx
        .select()
        .from(conversations)
        .where(own(tx, conversations, sql`${conversations.mergedIntoId} = survivor.id`, visible(ctx.identity)))
        .orderBy(desc(conversations.id))
        .limit(mostMerged)
        .as('merged');
      return tx
        .select(getTableColumns(merged))
        .from(sql`unnest(${uuids(ids)}) as survivor (id)`)
        .crossJoinLateral(lateral)
        .orderBy(desc(merged.id));
    });
    return grouped(ids, rows, (row) => row.mergedIntoId);
  }),
});
