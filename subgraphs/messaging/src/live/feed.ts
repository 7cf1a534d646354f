import type { Identity } from '@storegraph/auth';
import type { Id } from '@storegraph/core';
import { first, one, own, type Db, type Tx } from '@storegraph/database';
import type { FeedHead } from '@storegraph/subgraph';
import { and, asc, eq, getTableColumns, gt, lte, sql, type SQL } from 'drizzle-orm';
import { maySee, visible } from '../conversation/access.ts';
import { conversationEvents, conversations, type ConversationEventRow, type ConversationRow } from '../conversation/tables.ts';
import { inboxFeeds } from './tables.ts';

/** A change of a conversation in its store's feed. */
export interface ChangeEntry extends ConversationEventRow, Pick<ConversationRow, 'type' | 'readers'> {
  readonly position: bigint;
}

/** Gives positions to what has been committed since, and reads what lies behind `after`: as the system of the store. */
export function advance(db: Db, after: bigint, limit: number): Promise<ChangeEntry[]> {
  return db.write(async (tx) => {
    await tx.execute(sql`select messaging.sequence_inbox(${limit})`);
    return byPosition(tx, gt(conversationEvents.position, after), limit);
  });
}

/** The same, without reading. */
export function head(db: Db, limit: number): Promise<FeedHead> {
  return db.write(async (tx) => {
    const before = first(await tx.select().from(inboxFeeds).where(own(tx, inboxFeeds)))?.last ?? 0n;
    const given = one(await tx.execute<{ last: string }>(sql`select messaging.sequence_inbox(${limit}) as last`));
    const last = BigInt(given.last);
    return { last, more: last > before };
  });
}

/** What the identity of the session may see of the whole feed behind `after`, up to `to`. */
export const replayInbox = (identity: Identity) => (db: Db, after: bigint, to: bigint, limit: number) =>
  db.read(async (tx) => {
    const passed = and(gt(conversationEvents.position, after), lte(conversationEvents.position, to), visible(identity));
    return byPosition(tx, passed, limit);
  });

/** The same of one conversation, behind its change number `after`. Up to where the feed has been handed out, so that what comes live follows on it. */
export const replayConversation =
  (identity: Identity, id: Id<'cnv'>) =>
  (db: Db, after: bigint, to: bigint, limit: number): Promise<ChangeEntry[]> =>
    db.read(async (tx) =>
      entries(
        tx,
        and(
          eq(conversationEvents.conversationId, id),
          gt(conversationEvents.sequence, Number(after)),
          lte(conversationEvents.position, to),
          visible(identity),
        ),
        limit,
        conversationEvents.sequence,
      ),
    );

const byPosition = (tx: Tx, where: SQL | undefined, limit: number) => entries(tx, where, limit, conversationEvents.position);

async function entries(
  tx: Tx,
  where: SQL | undefined,
  limit: number,
  order: typeof conversationEvents.position | typeof conversationEvents.sequence,
): Promise<ChangeEntry[]> {
  const rows = await tx
    .select({ ...getTableColumns(conversationEvents), type: conversations.type, readers: conversations.readers })
    .from(conversationEvents)
    .innerJoin(conversations, own(tx, conversations, eq(conversations.id, conversationEvents.conversationId)))
    .where(own(tx, conversationEvents, where))
    .orderBy(asc(order))
    .limit(limit);
  return rows.flatMap((row) => (row.position === null ? [] : [{ ...row, position: row.position }]));
}

/** As the policies and the replays have it, for entries that were read for all followers. */
export const isShown = (entry: ChangeEntry, identity: Identity): boolean =>
  maySee(entry, identity) && (identity.kind !== 'CUSTOMER' || entry.publicSequence !== null);
