import type { Id } from '@storegraph/core';
import { own, uuids } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, eq, getTableColumns, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { participants } from '../conversation/tables.ts';
import { isReader, readerOf } from './reader.ts';

const most = 500;
const entry = alias(participants, 'entry');

export const participantLoaders = (ctx: LoadContext) => ({
  /** Who takes part, in the order in which they came. */
  active: loader(ctx, async (ids: readonly Id<'cnv'>[]) => {
    const rows = await ctx.db.read((tx) => {
      const lateral = tx
        .select()
        .from(participants)
        .where(own(tx, participants, sql`${participants.conversationId} = parent.id`, eq(participants.active, true)))
        .orderBy(asc(participants.id))
        .limit(most)
        .as('entry');
      return tx
        .select(getTableColumns(entry))
        .from(sql`unnest(${uuids(ids)}) as parent (id)`)
        .crossJoinLateral(lateral)
        .orderBy(asc(entry.id));
    });
    return grouped(ids, rows, (row) => row.conversationId);
  }),
  /** The caller's own. */
  mine: loader(ctx, async (ids: readonly Id<'cnv'>[]) => {
    const reader = readerOf(ctx.identity);
    if (!reader) return ids.map(() => null);
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(participants)
        .where(own(tx, participants, isReader(reader), sql`${participants.conversationId} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.conversationId);
  }),
});
