import type { CustomerId, UserId } from '@storegraph/core';
import { instant, platformTable, tenantTable, timestamps, typeId } from '@storegraph/database';
import { boolean, integer, jsonb, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { messagingSchema } from '../schema.ts';
import type { Rung } from '../template/language.ts';
import type { TemplateCategory } from '../template/template.ts';
import type { EmailStatus } from './status.ts';

const emailColumns = () => ({
  id: typeId('eml').notNull(),
  templateCode: text().notNull(),
  /** The very version, of the store or of the platform by `templateSource`. */
  templateId: uuid().notNull(),
  templateVersion: integer().notNull(),
  templateSource: text().$type<'STORE' | 'PLATFORM'>().notNull(),
  language: text().notNull(),
  rung: text().$type<Rung>().notNull(),
  category: text().$type<TemplateCategory>().notNull(),
  recipient: text().notNull(),
  recipientName: text(),
  subject: text().notNull(),
  /** Holds a secret, such as a link that resets a password: sealed, shown to nobody, and erased once it is sent. */
  confidential: boolean().notNull(),
  /** `{ html, text }` as JSON, rendered once; sealed where confidential; null once erased. */
  content: text(),
  /** SHA-256 of what was rendered. */
  contentHash: text().notNull(),
  relatedKind: text(),
  relatedId: text(),
  data: jsonb().$type<Readonly<Record<string, unknown>>>(),
  /** What made it be sent: the same cause again sends nothing. */
  cause: text(),
  status: text().$type<EmailStatus>().notNull(),
  rank: smallint().notNull(),
  /** The same at every attempt. */
  messageId: text().notNull(),
  /** `smtp` and its host, or `outbox`. */
  provider: text(),
  /** What the server answered when it took the mail. */
  providerId: text(),
  attempts: integer().notNull(),
  /** Since when a server is being given the mail. Whoever finds this set does not know whether the mail went out. */
  onWireSince: instant(),
  /** The job that does so. */
  onWireJob: typeId('job'),
  nextAttemptAt: instant(),
  errorCode: text(),
  error: text(),
  sentAt: instant(),
  ...timestamps,
});

const eventColumns = () => ({
  id: typeId('eev').notNull(),
  emailId: typeId('eml').notNull(),
  kind: text().$type<EmailStatus>().notNull(),
  detail: text(),
  /** The provider's own id of it: told twice, it counts once. */
  providerEventId: text(),
  /** Opened or clicked by a machine on the way, as far as can be told. */
  likelyMachine: boolean().notNull(),
  happenedAt: instant().notNull(),
  createdAt: instant().notNull().defaultNow(),
});

const suppressionColumns = () => ({
  id: typeId('sup').notNull(),
  address: text().notNull(),
  reason: text().$type<SuppressionReason>().notNull(),
  detail: text(),
  createdAt: instant().notNull().defaultNow(),
});

export const suppressionReasons = ['BOUNCED', 'COMPLAINED', 'BLOCKED'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** Every mail of a store, from the moment that it is queued. */
export const emailLogs = tenantTable(messagingSchema, 'email_logs', { ...emailColumns(), customerId: typeId('cus') });
/** What has happened to a mail, in the order in which it was heard of. */
export const emailEvents = tenantTable(messagingSchema, 'email_events', eventColumns());
/** Addresses to which the store sends nothing. */
export const suppressions = tenantTable(messagingSchema, 'suppressions', suppressionColumns());

/** The same of mails that are about no store, but about a person who works with the platform. */
const platform = { readers: [] } as const;
export const platformEmailLogs = platformTable(
  messagingSchema,
  'platform_email_logs',
  { ...emailColumns(), userId: typeId('usr') },
  undefined,
  platform,
);
export const platformEmailEvents = platformTable(messagingSchema, 'platform_email_events', eventColumns(), undefined, platform);
export const platformSuppressions = platformTable(messagingSchema, 'platform_suppressions', suppressionColumns(), undefined, platform);

/** Whom a mail is to, as far as that is known: a customer of the store, or somebody who works with the platform. */
interface Person {
  readonly customerId?: CustomerId | null;
  readonly userId?: UserId | null;
}

/** Of a store or of the platform. */
export type EmailRow = Omit<typeof platformEmailLogs.$inferSelect, keyof Person> & Person;
export type NewEmail = Omit<typeof platformEmailLogs.$inferInsert, keyof Person> & Person;
export type EmailEventRow = typeof platformEmailEvents.$inferSelect;
export type NewEmailEvent = typeof platformEmailEvents.$inferInsert;
