import { fromUuid, toUuid, type Id } from '@storegraph/core';
import { own, uuids, type Tx } from '@storegraph/database';
import { inOrder, loader, type LoadContext } from '@storegraph/subgraph';
import { sql, type SQL } from 'drizzle-orm';
import { visible } from '../conversation/access.ts';
import { personOf, userOf } from '../conversation/person.ts';
import { conversations, messages, participants } from '../conversation/tables.ts';

/** Counting stops here: an inbox shows 99+. */
const mostUnread = 100;

/** The messages of a conversation that the caller has not read: behind the mark, of others, and not taken back. Customers are asked by their own numbers. */
function unreadOf(tx: Tx, conversationId: SQL): SQL {
  const { identity } = tx.scope;
  const { kind } = personOf(identity);
  const isCustomer = kind === 'CUSTOMER';
  const user = userOf(identity);
  const person = user ? sql`${participants.userId} = ${toUuid(user)}::uuid` : sql`${participants.userId} is null`;
  const mark = sql`coalesce((
    select ${participants.lastRead} from ${participants}
    where ${own(tx, participants, sql`${participants.conversationId} = ${conversationId}`, sql`${participants.kind} = ${kind}`, person)}), 0)`;
  const others = isCustomer
    ? sql`${messages.actorKind} <> 'CUSTOMER' and not ${messages.internal} and ${messages.publicSequence} > ${mark}`
    : sql`(${messages.actorKind} <> ${kind} or ${messages.actorId} is distinct from ${identity.subjectId}) and ${messages.sequence} > ${mark}`;
  return sql`select 1 from ${messages} where ${own(tx, messages, sql`${messages.conversationId} = ${conversationId}`, sql`${messages.deletedAt} is null`, others)}`;
}

/** As a condition of a query of `conversations`. Never true of an API key, which reads for nobody. */
export const isUnread = (tx: Tx): SQL =>
  tx.scope.identity.kind === 'API_KEY' ? sql`false` : sql`exists (${unreadOf(tx, sql`${conversations.id}`)})`;

export const unreadLoaders = (ctx: LoadContext) => ({
  byConversation: loader(ctx, async (ids: readonly Id<'cnv'>[]) => {
    if (ctx.identity.kind === 'API_KEY') return ids.map(() => null);
    const rows = await ctx.db.read((tx) =>
      tx.execute<{ id: string; unread: number }>(sql`
        select asked.id::text as id, count(*)::integer as unread from unnest(${uuids(ids)}) as asked (id)
        cross join lateral (${unreadOf(tx, sql`asked.id`)} limit ${mostUnread}) as message group by asked.id`),
    );
    return inOrder(ids, rows, (row) => fromUuid('cnv', row.id)).map((row) => row?.unread ?? 0);
  }),
  /** In all conversations of a customer that the caller may know of. */
  byCustomer: loader(ctx, async (ids: readonly Id<'cus'>[]) => {
    if (ctx.identity.kind === 'API_KEY') return ids.map(() => null);
    const rows = await ctx.db.read((tx) =>
      tx.execute<{ id: string; unread: number }>(sql`
        select asked.id::text as id, count(*)::integer as unread from unnest(${uuids(ids)}) as asked (id)
        cross join lateral (
          select 1 from ${conversations}
          cross join lateral (${unreadOf(tx, sql`${conversations.id}`)} limit ${mostUnread}) as message
          where ${own(tx, conversations, sql`${conversations.customerId} = asked.id`, visible(ctx.identity))} limit ${mostUnread}
        ) as unread group by asked.id`),
    );
    return inOrder(ids, rows, (row) => fromUuid('cus', row.id)).map((row) => row?.unread ?? 0);
  }),
});
