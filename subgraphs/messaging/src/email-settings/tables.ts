import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { boolean, integer, text } from 'drizzle-orm/pg-core';
import { messagingSchema } from '../schema.ts';

/** Who carries a store's mails. Of these a store may choose SMTP; the others need an entitlement. */
export const emailProviders = ['SMTP', 'SENDGRID', 'MAILGUN', 'SES'] as const;
export type EmailProvider = (typeof emailProviders)[number];

/** From whom and through which server a store's mails go: one row, once anything was set. */
export const emailSettings = tenantTable(messagingSchema, 'email_settings', {
  id: typeId('ems').notNull(),
  fromName: text(),
  fromEmail: text(),
  replyTo: text(),
  /** Stands under every mail. */
  signature: text(),
  /** Where the links to the store's shop lead. */
  storefrontUrl: text(),
  /** Null: the platform's own server. */
  provider: text().$type<EmailProvider>(),
  smtpHost: text(),
  smtpPort: integer(),
  /** TLS from the first byte. */
  smtpSecure: boolean(),
  smtpUser: text(),
  smtpPasswordSealed: text(),
  /** Of what is set now: another server or sender has to be verified anew. */
  verified: boolean().notNull(),
  lastVerifiedAt: instant(),
  verificationError: text(),
  /** Grows with each change, so that what was tried with other settings is not taken for these. */
  revision: integer().notNull(),
  ...timestamps,
});

export type EmailSettingsRow = typeof emailSettings.$inferSelect;
