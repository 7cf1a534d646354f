import type { Treatment } from '@storegraph/known-customers';
import { sql } from 'drizzle-orm';

const nothing = sql`null`;
const noText = sql`''`;

/** By table. A test sees to it that every table with a customer is here, and that each of its columns of text is either blanked or known to be harmless. */
export const treatments: Readonly<Record<string, Treatment>> = {
  conversations: { blank: { subject: nothing, channel_address: nothing }, keep: 'AUDIT' },
  participants: { blank: {}, keep: null },
  // What either side wrote to the other is about the person.
  messages: { blank: { content: noText, provider_id: nothing, client_id: nothing }, keep: 'AUDIT' },
  scheduled_messages: { blank: { content: noText }, keep: 'AUDIT' },
  message_revisions: { blank: { content: noText }, keep: null },
  conversation_events: { blank: {}, keep: null },
  // That something was sent stays known, and its hash; not to whom, nor what it said.
  email_logs: {
    blank: {
      recipient: noText,
      recipient_name: nothing,
      subject: noText,
      content: nothing,
      data: nothing,
      error: nothing,
      provider_id: nothing,
    },
    keep: 'AUDIT',
  },
  mailed_orders: { blank: { name: nothing, email: nothing }, keep: null },
};

/** Columns of text and JSON that hold nothing of a person: states, references of other systems. */
export const harmless: ReadonlySet<string> = new Set([
  'conversations.type',
  'conversations.status',
  'conversations.priority',
  'conversations.channel',
  'conversations.closed_by_kind',
  'conversations.closed_by_id',
  'conversations.created_by_kind',
  'conversations.created_by_id',
  'conversations.status_before_merge',
  // Of a team's own channels, which have no customer.
  'conversations.visibility',
  'conversations.slug',
  'conversations.description',
  'conversations.direct_key',
  'participants.kind',
  'messages.actor_kind',
  'messages.actor_id',
  'messages.kind',
  'messages.direction',
  'messages.channel',
  'messages.origin_domain',
  'messages.origin_id',
  'messages.deleted_by_kind',
  'messages.deleted_by_id',
  'scheduled_messages.status',
  'scheduled_messages.failure',
  'scheduled_messages.actor_kind',
  'scheduled_messages.actor_id',
  'message_revisions.actor_kind',
  'message_revisions.actor_id',
  'conversation_events.kind',
  'conversation_events.person_kind',
  'conversation_events.person_id',
  'conversation_events.actor_kind',
  'conversation_events.actor_id',
  ...[
    'template_code',
    'template_source',
    'language',
    'rung',
    'category',
    'content_hash',
    'related_kind',
    'related_id',
    'cause',
    'status',
    'message_id',
    'provider',
    'error_code',
  ].map((column) => `email_logs.${column}`),
  'mailed_orders.number',
]);
