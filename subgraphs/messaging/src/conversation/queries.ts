import type { Id } from '@storegraph/core';
import { ascending, descending, keyset, own, uuids, type Connection, type PageArguments, type Tx } from '@storegraph/database';
import { grouped, loader, orThrow, type Context, type LoadContext } from '@storegraph/subgraph';
import { count, getTableColumns, sql } from 'drizzle-orm';
import { alias, type PgColumn } from 'drizzle-orm/pg-core';
import { pageLoader } from '../paged.ts';
import { visible } from './access.ts';
import { conditionsOf, type ConversationFilter } from './filter.ts';
import { conversations, type ConversationRow } from './tables.ts';

type ConversationConnection = Connection<ConversationRow>;

interface ListArguments extends PageArguments {
  readonly filter?: ConversationFilter | null;
  readonly sort?: { readonly by?: 'LAST_MESSAGE_AT' | 'CREATED_AT' | null; readonly direction?: 'ASC' | 'DESC' | null } | null;
}

/** Where a note would move a conversation for staff, it stays where it is for a customer. */
const newestOf = ({ identity }: Pick<Context, 'identity'>): PgColumn =>
  identity.kind === 'CUSTOMER' ? conversations.lastPublicMessageAt : conversations.lastMessageAt;

/** A page of the conversations that the caller may know of. Throws BAD_REQUEST for a page or filter that can't be read, FORBIDDEN for one that is not for customers. */
export async function conversationPage(ctx: Context, { filter, sort, ...page }: ListArguments): Promise<ConversationConnection> {
  const direction = sort?.direction === 'ASC' ? ascending : descending;
  const by = sort?.by === 'CREATED_AT' ? conversations.id : newestOf(ctx);
  const part = orThrow(keyset(page, { table: conversations, sort: [direction(by)], id: conversations.id }));
  const which = (tx: Tx) => [visible(ctx.identity), ...conditionsOf(tx, filter ?? {})];
  return ctx.db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(conversations)
      .where(own(tx, conversations, ...which(tx), part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () => ctx.db.read((later) => later.$count(conversations, own(later, conversations, ...which(later)))));
  });
}

const newest = alias(conversations, 'newest');

export const customerLoaders = (ctx: LoadContext) => {
  const counts = loader(ctx, async (customers: readonly Id<'cus'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select({ customerId: conversations.customerId, conversations: count() })
        .from(conversations)
        .where(own(tx, conversations, sql`${conversations.customerId} = any(${uuids(customers)})`, visible(ctx.identity)))
        .groupBy(conversations.customerId),
    );
    return customers.map((customer) => rows.find((row) => row.customerId === customer)?.conversations ?? 0);
  });
  return {
    /** Of each customer a page of the conversations, that with the newest message first: by what the customer is shown, whoever asks. */
    page: pageLoader<'cus', ConversationRow>(ctx, async (customers, page) => {
      const sort = [descending(conversations.lastPublicMessageAt)];
      const part = orThrow(keyset(page, { table: conversations, sort, id: conversations.id }));
      const rows = await ctx.db.read((tx) => {
        const lateral = tx
          .select()
          .from(conversations)
          .where(own(tx, conversations, sql`${conversations.customerId} = customer.id`, visible(ctx.identity), part.where))
          .orderBy(...part.orderBy)
          .limit(part.limit)
          .as('newest');
        return tx
          .select(getTableColumns(newest))
          .from(sql`unnest(${uuids(customers)}) as customer (id)`)
          .crossJoinLateral(lateral)
          .orderBy(sql`${newest.lastPublicMessageAt} desc, ${newest.id} desc`);
      });
      return grouped(customers, rows, (row) => row.customerId).map((theirs, index) => {
        const customer = customers[index];
        return part.connection(theirs, async () => (customer ? counts.load(customer) : 0));
      });
    }),
  };
};
