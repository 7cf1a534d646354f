import type { Id } from '@storegraph/core';
import { ascending, descending, keyset, own, texts, uuids, type Connection, type PageArguments } from '@storegraph/database';
import { grouped, inOrder, loader, orThrow, type Context, type LoadContext } from '@storegraph/subgraph';
import { asc, count, desc, eq, getTableColumns, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { visible } from '../conversation/access.ts';
import { conversations, messageRevisions, messages, type MessageRow } from '../conversation/tables.ts';
import { pageLoader } from '../paged.ts';
import { patternsOf } from './search.ts';

type Reader = Pick<Context, 'identity'>;

const shown = ({ identity }: Reader): SQL | undefined => (identity.kind === 'CUSTOMER' ? eq(messages.internal, false) : undefined);

const entry = alias(messages, 'entry');

/** By the numbers that the caller is shown. */
const inSequence = ({ identity }: Reader) => (identity.kind === 'CUSTOMER' ? ('publicSequence' as const) : ('sequence' as const));

export const messageLoaders = (ctx: LoadContext) => {
  const counts = loader(ctx, async (ids: readonly Id<'cnv'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select({ conversationId: messages.conversationId, messages: count() })
        .from(messages)
        .where(own(tx, messages, sql`${messages.conversationId} = any(${uuids(ids)})`, shown(ctx)))
        .groupBy(messages.conversationId),
    );
    return ids.map((id) => rows.find((row) => row.conversationId === id)?.messages ?? 0);
  });
  return {
    /** Null for one that the caller may not know of. */
    byId: loader(ctx, async (ids: readonly Id<'msg'>[]) => {
      const rows = await ctx.db.read((tx) =>
        tx
          .select(getTableColumns(messages))
          .from(messages)
          .innerJoin(conversations, own(tx, conversations, eq(conversations.id, messages.conversationId), visible(ctx.identity)))
          .where(own(tx, messages, sql`${messages.id} = any(${uuids(ids)})`, shown(ctx))),
      );
      return inOrder(ids, rows, (row) => row.id);
    }),
    /** Of each conversation, which the caller has been shown, a page of its messages. */
    page: pageLoader<'cnv', MessageRow>(ctx, async (ids, page) => {
      const key = inSequence(ctx);
      const part = orThrow(keyset(page, { table: messages, sort: [ascending(messages[key])], id: messages[key] }));
      const backward = typeof page.last === 'number' || typeof page.before === 'string';
      const rows = await ctx.db.read((tx) => {
        const lateral = tx
          .select()
          .from(messages)
          .where(own(tx, messages, sql`${messages.conversationId} = parent.id`, shown(ctx), part.where))
          .orderBy(...part.orderBy)
          .limit(part.limit)
          .as('entry');
        return tx
          .select(getTableColumns(entry))
          .from(sql`unnest(${uuids(ids)}) as parent (id)`)
          .crossJoinLateral(lateral)
          .orderBy((backward ? desc : asc)(entry[key]));
      });
      return grouped(ids, rows, (row) => row.conversationId).map((theirs, index) => {
        const id = ids[index];
        return part.connection(theirs, async () => (id ? counts.load(id) : 0));
      });
    }),
    revisions: loader(ctx, async (ids: readonly Id<'msg'>[]) => {
      const rows = await ctx.db.read((tx) =>
        tx
          .select()
          .from(messageRevisions)
          .where(own(tx, messageRevisions, sql`${messageRevisions.messageId} = any(${uuids(ids)})`))
          .orderBy(asc(messageRevisions.id)),
      );
      return grouped(ids, rows, (row) => row.messageId);
    }),
  };
};

/** The newest of what is found are enough: whoever looks for more says more. */
const mostFound = 1000;

/**
 * A page of the messages in which every word of the query stands, or begins, the newest first. The database's function finds ids, in what the caller may
 * know of; rows are read under the policies. Throws BAD_REQUEST for a page that can't be read.
 */
export function searchMessages(
  ctx: Context,
  { query, ...page }: PageArguments & { readonly query: string },
): Promise<Connection<MessageRow>> {
  const part = orThrow(keyset(page, { table: messages, sort: [descending(messages.id)], id: messages.id }));
  const patterns = patternsOf(query);
  const found =
    patterns.length === 0
      ? sql`false`
      : sql`${messages.id} in (select message_id from messaging.search_messages(${texts(patterns)}, ${mostFound}))`;
  return ctx.db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(messages)
      .where(own(tx, messages, found, shown(ctx), part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () => ctx.db.read((later) => later.$count(messages, own(later, messages, found, shown(ctx)))));
  });
}
