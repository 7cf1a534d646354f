import type { Id } from '@storegraph/core';
import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { bigint, boolean, integer, pgPolicy, text } from 'drizzle-orm/pg-core';
import { messagingSchema } from '../schema.ts';
import type {
  Channel,
  ConversationEventKind,
  ConversationPriority,
  ConversationStatus,
  ConversationType,
  TeamVisibility,
} from './conversation.ts';
import type { ParticipantKind, PersonKind } from './person.ts';

// Constraints, indexes and policies stand in drizzle/messaging/0002_create_conversations.sql.
const number = () => bigint({ mode: 'number' });
/** usr_, key_ or cus_, as text: actors are of several kinds. */
const actorId = () => text().$type<Id>();
const actorKind = () => text().$type<PersonKind>();

// As a table's own `customer` policy, less what is not the customer's.
const customerOwnAnd = (condition: string) =>
  pgPolicy('customer_own', {
    for: 'select',
    using: sql.raw(
      `store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid and ${condition}`,
    ),
  });

export const conversations = tenantTable(
  messagingSchema,
  'conversations',
  {
    id: typeId('cnv').notNull(),
    type: text().$type<ConversationType>().notNull(),
    status: text().$type<ConversationStatus>().notNull(),
    /** The name, of a team's channel. */
    subject: text(),
    priority: text().$type<ConversationPriority>().notNull(),
    channel: text().$type<Channel>().notNull(),
    /** The account of the store and the address of the customer, where it goes over a channel of somebody else's. */
    channelAccountId: typeId('cha'),
    channelAddress: text(),
    customerId: typeId('cus'),
    assigneeId: typeId('usr'),
    /** Changes with every change of the owner. */
    assignmentVersion: integer().notNull(),
    snoozedUntil: instant(),
    closedAt: instant(),
    closedByKind: actorKind(),
    closedById: actorId(),
    mergedIntoId: typeId('cnv'),
    statusBeforeMerge: text().$type<ConversationStatus>(),
    /** The only members who may read it, of a channel that is not everybody's. Null where every member may who has the right. */
    readers: typeId('usr').array(),
    visibility: text().$type<TeamVisibility>(),
    slug: text(),
    description: text(),
    archivedAt: instant(),
    /** The members of a direct conversation in their order. */
    directKey: text(),
    /** The last numbers given out, to the staff and to the customer. */
    sequence: number().notNull(),
    publicSequence: number().notNull(),
    messageCount: integer().notNull(),
    publicMessageCount: integer().notNull(),
    /** When it began, while there is no message. */
    lastMessageAt: instant().notNull(),
    lastPublicMessageAt: instant().notNull(),
    /** The customer's last word, by the clock of the channel. */
    lastCustomerMessageAt: instant(),
    /** Since when the customer waits for an answer. */
    waitingSince: instant(),
    firstReplyAt: instant(),
    createdByKind: actorKind().notNull(),
    createdById: actorId(),
    ...timestamps,
    /** When anything changed that the customer is shown. */
    publicUpdatedAt: instant().notNull().defaultNow(),
  },
  undefined,
  { customer: 'customerId' },
);

export const conversationLabels = tenantTable(
  messagingSchema,
  'conversation_labels',
  { conversationId: typeId('cnv').notNull(), label: text().notNull() },
  undefined,
  { key: ['conversationId', 'label'] },
);

/** Who takes part in a conversation, and how far people have read. */
export const participants = tenantTable(
  messagingSchema,
  'participants',
  {
    id: typeId('prt').notNull(),
    conversationId: typeId('cnv').notNull(),
    /** The conversation's. */
    customerId: typeId('cus'),
    kind: text().$type<ParticipantKind>().notNull(),
    /** Null for the customer, who is the conversation's. */
    userId: typeId('usr'),
    /** Whether the person is told of what is new. False for who has been removed, or only reads along. */
    active: boolean().notNull(),
    muted: boolean().notNull(),
    emailNotifications: boolean().notNull(),
    /** In the numbers that this kind of person is shown. */
    lastRead: number().notNull(),
    lastReadAt: instant(),
    ...timestamps,
  },
  () => [customerOwnAnd("kind = 'CUSTOMER'")],
);

export const messages = tenantTable(
  messagingSchema,
  'messages',
  {
    id: typeId('msg').notNull(),
    conversationId: typeId('cnv').notNull(),
    /** The conversation's. */
    customerId: typeId('cus'),
    /** The numbers of the change that added it. A note has none for the customer. */
    sequence: number().notNull(),
    publicSequence: number(),
    actorKind: actorKind().notNull(),
    actorId: actorId(),
    kind: text().$type<MessageKind>().notNull(),
    direction: text().$type<'INBOUND' | 'OUTBOUND'>().notNull(),
    channel: text().$type<Channel>().notNull(),
    content: text().notNull(),
    internal: boolean().notNull(),
    replyToId: typeId('msg'),
    mentions: typeId('usr')
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** Chosen by the sender: the same one again is the same message. */
    clientId: text(),
    /** The channel's own id of it, and its own time. */
    providerId: text(),
    providerAt: instant(),
    /** The domain that asked for it, and that domain's id. */
    originDomain: text(),
    originId: text(),
    editedAt: instant(),
    deletedAt: instant(),
    deletedByKind: actorKind(),
    deletedById: actorId(),
    createdAt: instant().notNull().defaultNow(),
  },
  () => [customerOwnAnd('not internal')],
);

/** What a message said before it was changed or taken back. */
export const messageRevisions = tenantTable(messagingSchema, 'message_revisions', {
  id: typeId('mrv').notNull(),
  messageId: typeId('msg').notNull(),
  customerId: typeId('cus'),
  content: text().notNull(),
  actorKind: actorKind().notNull(),
  actorId: actorId(),
  createdAt: instant().notNull().defaultNow(),
});

/** Every durable change of a conversation, by its number. */
export const conversationEvents = tenantTable(
  messagingSchema,
  'conversation_events',
  {
    conversationId: typeId('cnv').notNull(),
    sequence: number().notNull(),
    /** Dense among what the customer is shown. */
    publicSequence: number(),
    /** The conversation's. */
    customerId: typeId('cus'),
    kind: text().$type<ConversationEventKind>().notNull(),
    messageId: typeId('msg'),
    /** The person that was assigned, added or removed. */
    personKind: actorKind(),
    personId: actorId(),
    actorKind: actorKind().notNull(),
    actorId: actorId(),
    createdAt: instant().notNull().defaultNow(),
    /** The order of insertion in the store, and the place in its inbox feed, as soon as it has one. */
    ordinal: bigint({ mode: 'bigint' }).notNull().generatedByDefaultAsIdentity(),
    position: bigint({ mode: 'bigint' }),
  },
  () => [customerOwnAnd('public_sequence is not null')],
  { key: ['conversationId', 'sequence'] },
);

export const messageKinds = ['TEXT', 'IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT'] as const;
export type MessageKind = (typeof messageKinds)[number];

export type ConversationRow = typeof conversations.$inferSelect;
export type ParticipantRow = typeof participants.$inferSelect;
export type MessageRow = typeof messages.$inferSelect;
export type MessageRevisionRow = typeof messageRevisions.$inferSelect;
export type ConversationEventRow = typeof conversationEvents.$inferSelect;
