import { fail, ok, type Result } from '@storegraph/core';
import { first, one, own, type Tx } from '@storegraph/database';
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { fallbackChain } from './language.ts';
import { newestOf } from './resolve.ts';
import { emailTemplates, storeEmailTemplates, type EmailTemplateRow, type StoreEmailTemplateRow } from './tables.ts';
import type { TemplateStatus } from './template.ts';

interface Which {
  readonly code: string;
  readonly language: string;
}

/** The platform's template that a store may say otherwise, in the language that is nearest, or why it may not. */
export async function overridable(tx: Tx, { code, language }: Which): Promise<Result<EmailTemplateRow, 'NOT_FOUND' | 'PLATFORM_ONLY'>> {
  const template = await nearest(tx, { code, language });
  if (!template) return fail('NOT_FOUND', 'There is no template of this code.', ['code']);
  if (template.isPlatformOnly) return fail('PLATFORM_ONLY', 'What this template says is the platform’s alone.', ['code']);
  return ok(template);
}

/** The platform's template in this language, or in the one that would be sent. */
export async function nearest(tx: Tx, { code, language }: Which): Promise<EmailTemplateRow | undefined> {
  const languages = fallbackChain(language, null).map((step) => step.language);
  const found = await newestOf(tx, code, languages);
  return languages.map((each) => found.get(each)).find((row) => row !== undefined);
}

/**
 * Makes whoever else changes the store's versions of this template wait until the transaction's end. There may be no row yet that could be locked:
 * hence the platform's, which is only read otherwise.
 */
export async function lockVersions(tx: Tx, { code, language }: Which): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`store_email_templates|${tx.scope.identity.storeId ?? ''}|${code}|${language}`}, 0))`,
  );
}

/** The version of this template in that state. Of the archived, the newest. */
export async function versionIn(tx: Tx, { code, language }: Which, status: TemplateStatus): Promise<StoreEmailTemplateRow | undefined> {
  return first(
    await tx
      .select()
      .from(storeEmailTemplates)
      .where(own(tx, storeEmailTemplates, isOf({ code, language }), eq(storeEmailTemplates.status, status)))
      .orderBy(desc(storeEmailTemplates.version))
      .limit(1),
  );
}

/** Sends this version from now on, and what was sent before no more. */
export async function publish(tx: Tx, version: StoreEmailTemplateRow, now: Date): Promise<StoreEmailTemplateRow> {
  await retire(tx, version);
  const rows = await tx
    .update(storeEmailTemplates)
    .set({ status: 'PUBLISHED', publishedAt: now })
    .where(own(tx, storeEmailTemplates, eq(storeEmailTemplates.id, version.id)))
    .returning();
  return one(rows);
}

/** What is published is sent no more. Gives how many there were: one or none. */
export async function retire(tx: Tx, which: Which): Promise<number> {
  const rows = await tx
    .update(storeEmailTemplates)
    .set({ status: 'ARCHIVED' })
    .where(own(tx, storeEmailTemplates, isOf(which), eq(storeEmailTemplates.status, 'PUBLISHED')))
    .returning({ id: storeEmailTemplates.id });
  return rows.length;
}

/** The condition for the versions of this template. */
export const isOf = ({ code, language }: Which) => and(eq(storeEmailTemplates.code, code), eq(storeEmailTemplates.language, language));

/** Of each template in each language the number of the newest version. */
export const newestVersions = (tx: Tx) =>
  tx
    .selectDistinctOn([emailTemplates.code, emailTemplates.language], {
      code: emailTemplates.code,
      language: emailTemplates.language,
      version: emailTemplates.version,
    })
    .from(emailTemplates)
    .where(eq(emailTemplates.active, true))
    .orderBy(asc(emailTemplates.code), asc(emailTemplates.language), desc(emailTemplates.version));
