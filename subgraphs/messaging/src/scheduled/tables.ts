import type { Id } from '@storegraph/core';
import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { text } from 'drizzle-orm/pg-core';
import type { PersonKind } from '../conversation/person.ts';
import { messagingSchema } from '../schema.ts';

export const scheduledStatuses = ['SCHEDULED', 'SENT', 'CANCELLED', 'FAILED'] as const;
export type ScheduledStatus = (typeof scheduledStatuses)[number];

/** Messages of the staff that are to be sent at a moment. */
export const scheduledMessages = tenantTable(messagingSchema, 'scheduled_messages', {
  id: typeId('smg').notNull(),
  conversationId: typeId('cnv').notNull(),
  /** The conversation's. */
  customerId: typeId('cus'),
  content: text().notNull(),
  sendAt: instant().notNull(),
  status: text().$type<ScheduledStatus>().notNull(),
  /** The code with which it could not be sent. */
  failure: text(),
  messageId: typeId('msg'),
  actorKind: text().$type<PersonKind>().notNull(),
  actorId: text().$type<Id>(),
  ...timestamps,
});

export type ScheduledMessageRow = typeof scheduledMessages.$inferSelect;
