import { own, type Tx } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';
import { eq, isNull, sql, type SQL } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { isUnread } from '../participant/unread.ts';
import { visible } from './access.ts';
import { inInbox } from './filter.ts';
import { userOf } from './person.ts';
import { conversations } from './tables.ts';

/** Counting stops here. */
const most = 10_000;

type Tab = 'open' | 'pending' | 'snoozed' | 'closed' | 'mine' | 'unassigned' | 'unread';

/** What is in the store's inbox, by one statement that reads a bounded number of index entries for each tab. */
export async function inboxCounts({ db, identity }: Context): Promise<Record<Exclude<Tab, 'unread'>, number> & { unread: number | null }> {
  const user = userOf(identity);
  const rows = await db.read((tx) => {
    const open = eq(conversations.status, 'OPEN');
    const others = [
      tab(tx, 'snoozed', eq(conversations.status, 'SNOOZED')),
      tab(tx, 'closed', eq(conversations.status, 'CLOSED')),
      tab(tx, 'unassigned', open, isNull(conversations.assigneeId)),
      ...(user ? [tab(tx, 'mine', open, eq(conversations.assigneeId, user)), tab(tx, 'unread', open, isUnread(tx))] : []),
    ];
    return unionAll(tab(tx, 'open', open), tab(tx, 'pending', eq(conversations.status, 'PENDING')), ...others);
  });
  const counted = (name: Tab): number => rows.find((row) => row.name === name)?.count ?? 0;
  return {
    open: counted('open'),
    pending: counted('pending'),
    snoozed: counted('snoozed'),
    closed: counted('closed'),
    mine: counted('mine'),
    unassigned: counted('unassigned'),
    unread: user ? counted('unread') : null,
  };
}

function tab(tx: Tx, name: Tab, ...conditions: SQL[]) {
  const some = tx
    .select({ one: sql`1`.as('one') })
    .from(conversations)
    .where(own(tx, conversations, inInbox, visible(tx.scope.identity), ...conditions))
    .limit(most)
    .as('some');
  return tx.select({ name: sql<Tab>`${name}::text`, count: sql<number>`count(*)::integer` }).from(some);
}
