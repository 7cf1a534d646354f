import { own, texts, type Tx } from '@storegraph/database';
import { PublicError, readId } from '@storegraph/subgraph';
import { eq, exists, inArray, isNull, ne, not, sql, type SQL } from 'drizzle-orm';
import { isUnread } from '../participant/unread.ts';
import { patternsOf } from '../message/search.ts';
import { staffOnly } from './access.ts';
import type { Channel, ConversationPriority, ConversationStatus, ConversationType } from './conversation.ts';
import { userOf } from './person.ts';
import { conversationLabels, conversations } from './tables.ts';

/** What an inbox is narrowed by. */
export interface ConversationFilter {
  readonly status?: readonly ConversationStatus[] | null;
  readonly type?: readonly ConversationType[] | null;
  readonly channel?: readonly Channel[] | null;
  readonly priority?: readonly ConversationPriority[] | null;
  readonly assignee?: { readonly me?: boolean | null; readonly none?: boolean | null; readonly userId?: string | null } | null;
  readonly label?: string | null;
  readonly customerId?: string | null;
  readonly unread?: boolean | null;
  readonly query?: string | null;
}

/** What stands in the inbox: said as its indexes say it, so that these are used whatever the parameters. */
export const inInbox = sql`${conversations.type} <> 'TEAM'`;

/** The filter as conditions of a query of `conversations`. Throws FORBIDDEN for what customers may not ask, BAD_REQUEST for an owner that is not one of three. */
export function conditionsOf(tx: Tx, filter: ConversationFilter): (SQL | undefined)[] {
  const { identity } = tx.scope;
  if (identity.kind === 'CUSTOMER') assertPublic(filter);
  return [
    filter.type?.includes('TEAM') ? undefined : inInbox,
    filter.type ? inArray(conversations.type, [...filter.type]) : undefined,
    filter.status
      ? identity.kind === 'CUSTOMER'
        ? publicStates(filter.status)
        : inArray(conversations.status, [...filter.status])
      : undefined,
    filter.channel ? inArray(conversations.channel, [...filter.channel]) : undefined,
    filter.priority ? inArray(conversations.priority, [...filter.priority]) : undefined,
    filter.assignee ? assignedTo(tx, filter.assignee) : undefined,
    filter.customerId ? eq(conversations.customerId, readId('cus', filter.customerId)) : undefined,
    filter.label ? labelled(tx, filter.label) : undefined,
    typeof filter.unread === 'boolean' ? unread(tx, filter.unread) : undefined,
    filter.query?.trim() ? mentioning(filter.query) : undefined,
  ];
}

function assertPublic({ priority, assignee, label }: ConversationFilter): void {
  for (const [what, given] of Object.entries({ priority, assignee, label }))
    if (given) staffOnly({ kind: 'CUSTOMER', subjectId: null }, `The filter ${what}`);
}

/** Customers know of two states. */
function publicStates(wanted: readonly ConversationStatus[]): SQL | undefined {
  const open = wanted.includes('OPEN');
  const closed = wanted.includes('CLOSED');
  if (open && closed) return undefined;
  if (closed) return eq(conversations.status, 'CLOSED');
  return open ? ne(conversations.status, 'CLOSED') : sql`false`;
}

function assignedTo(tx: Tx, { me, none, userId }: NonNullable<ConversationFilter['assignee']>): SQL {
  const asked = [me === true, none === true, typeof userId === 'string'].filter(Boolean);
  if (asked.length !== 1) throw new PublicError('BAD_REQUEST', 'Ask for one owner: me, none or userId.');
  if (none) return isNull(conversations.assigneeId);
  if (typeof userId === 'string') return eq(conversations.assigneeId, readId('usr', userId));
  const user = userOf(tx.scope.identity);
  return user ? eq(conversations.assigneeId, user) : sql`false`;
}

const labelled = (tx: Tx, label: string): SQL =>
  exists(
    tx
      .select({ one: sql`1` })
      .from(conversationLabels)
      .where(own(tx, conversationLabels, eq(conversationLabels.conversationId, conversations.id), eq(conversationLabels.label, label))),
  );

function unread(tx: Tx, wanted: boolean): SQL {
  const condition = isUnread(tx);
  return wanted ? condition : not(condition);
}

function mentioning(query: string): SQL {
  const patterns = patternsOf(query);
  return patterns.length === 0
    ? sql`false`
    : sql`${conversations.id} in (select conversation_id from messaging.search_conversations(${texts(patterns)}))`;
}
