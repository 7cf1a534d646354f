import type { Id } from '@storegraph/core';
import { first, own, uuids } from '@storegraph/database';
import { grouped, loader, type Context, type LoadContext } from '@storegraph/subgraph';
import { asc, eq, sql } from 'drizzle-orm';
import { scheduledMessages, type ScheduledMessageRow } from './tables.ts';

const most = 100;

export const scheduledLoaders = (ctx: LoadContext) => ({
  /** Of each conversation the messages that wait, the next first. */
  waiting: loader(ctx, async (ids: readonly Id<'cnv'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(scheduledMessages)
        .where(
          own(
            tx,
            scheduledMessages,
            sql`${scheduledMessages.conversationId} = any(${uuids(ids)})`,
            eq(scheduledMessages.status, 'SCHEDULED'),
          ),
        )
        .orderBy(asc(scheduledMessages.sendAt), asc(scheduledMessages.id)),
    );
    return grouped(ids, rows, (row) => row.conversationId).map((theirs) => theirs.slice(0, most));
  }),
});

/** One that a command has named. */
export const scheduledById = ({ db }: Context, id: Id<'smg'>): Promise<ScheduledMessageRow | null> =>
  db.read(
    async (tx) =>
      first(
        await tx
          .select()
          .from(scheduledMessages)
          .where(own(tx, scheduledMessages, eq(scheduledMessages.id, id))),
      ) ?? null,
  );
