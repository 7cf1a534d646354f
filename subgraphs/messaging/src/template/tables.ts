import { instant, platformTable, tenantTable, timestamps, typeId } from '@storegraph/database';
import { boolean, integer, jsonb, text } from 'drizzle-orm/pg-core';
import { messagingSchema } from '../schema.ts';
import type { TemplateCategory, TemplateFormat, TemplateStatus, Variable } from './template.ts';

/** What a version of a template says, whoever wrote it. */
const words = () => ({
  subject: text().notNull(),
  format: text().$type<TemplateFormat>().notNull(),
  /** MJML: what stands between the layout's head and foot. HTML: the whole document. Liquid in both. */
  source: text().notNull(),
  /** Liquid as well. Null: made of the HTML. */
  plain: text(),
});

/** What the platform's mails say: one row for each version of a template in a language. The newest that is active is sent. */
export const emailTemplates = platformTable(
  messagingSchema,
  'email_templates',
  {
    id: typeId('etp').primaryKey(),
    code: text().notNull(),
    /** A BCP 47 tag. */
    language: text().notNull(),
    version: integer().notNull(),
    category: text().$type<TemplateCategory>().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    ...words(),
    variables: jsonb().$type<readonly Variable[]>().notNull(),
    /** No store may say it otherwise. */
    isPlatformOnly: boolean().notNull(),
    active: boolean().notNull(),
    /** Of all that a version says. */
    hash: text().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  undefined,
  { readers: ['STAFF', 'API_KEY'] },
);

/** What a store's own mails say instead: of a template in a language one draft, one published, and those of before. */
export const storeEmailTemplates = tenantTable(messagingSchema, 'store_email_templates', {
  id: typeId('set').notNull(),
  code: text().notNull(),
  language: text().notNull(),
  version: integer().notNull(),
  status: text().$type<TemplateStatus>().notNull(),
  ...words(),
  /** The platform's version that it was written from, and in which language that was. */
  basedOnVersion: integer().notNull(),
  basedOnLanguage: text().notNull(),
  publishedAt: instant(),
  createdById: typeId('usr'),
  ...timestamps,
});

export type EmailTemplateRow = typeof emailTemplates.$inferSelect;
export type StoreEmailTemplateRow = typeof storeEmailTemplates.$inferSelect;
