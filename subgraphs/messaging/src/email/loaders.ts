import type { Id } from '@storegraph/core';
import { own, uuids } from '@storegraph/database';
import { grouped, inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, sql } from 'drizzle-orm';
import { emailEvents, emailLogs, platformEmailEvents, type EmailEventRow, type EmailRow } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'eml'>[]) => {
    const rows: EmailRow[] = await ctx.db.read((tx) =>
      tx
        .select()
        .from(emailLogs)
        .where(own(tx, emailLogs, sql`${emailLogs.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  /** Of the store's mails and, for platform staff, of the platform's: an id is one or the other's. */
  eventsByEmail: loader(ctx, async (ids: readonly Id<'eml'>[]) => {
    const { storeId, kind } = ctx.identity;
    const rows = await ctx.db.read(async (tx): Promise<EmailEventRow[]> => {
      const platform =
        kind === 'PLATFORM'
          ? await tx
              .select()
              .from(platformEmailEvents)
              .where(sql`${platformEmailEvents.emailId} = any(${uuids(ids)})`)
              .orderBy(asc(platformEmailEvents.id))
          : [];
      if (storeId === null) return platform;
      const ofStore = await tx
        .select()
        .from(emailEvents)
        .where(own(tx, emailEvents, sql`${emailEvents.emailId} = any(${uuids(ids)})`))
        .orderBy(asc(emailEvents.id));
      return [...platform, ...ofStore];
    });
    return grouped(ids, rows, (row) => row.emailId);
  }),
});
