import { toUuid } from '@storegraph/core';
import { own, texts, type Tx } from '@storegraph/database';
import { and, desc, eq, sql } from 'drizzle-orm';
import { storeOfMessages } from '../store/known.ts';
import { fallbackChain, type Rung } from './language.ts';
import { emailTemplates, storeEmailTemplates, type EmailTemplateRow, type StoreEmailTemplateRow } from './tables.ts';
import type { Words } from './template.ts';

/** The template that somebody gets, and why that one. */
export interface Resolution {
  readonly source: 'STORE' | 'PLATFORM';
  /** The version's, as a UUID. */
  readonly id: string;
  readonly version: number;
  readonly language: string;
  readonly rung: Rung;
  readonly words: Words;
  /** What the platform says of the template: category, variables. The same in every language. */
  readonly template: EmailTemplateRow;
}

/**
 * What a mail of this code says to somebody who reads `language`, a BCP 47 tag or null where nothing is known of them, by `fallbackChain`. Of the
 * platform in a transaction of no store. Undefined where there is no such template.
 */
export async function resolveTemplate(tx: Tx, code: string, language: string | null): Promise<Resolution | undefined> {
  const atStore = tx.scope.identity.storeId !== null;
  const chain = fallbackChain(language, atStore ? ((await storeOfMessages(tx))?.language ?? null) : null);
  const languages = chain.map((step) => step.language);
  const platform = await newestOf(tx, code, languages);
  const [anyOfCode] = platform.values();
  if (!anyOfCode) return undefined;
  const ofStore = atStore && !anyOfCode.isPlatformOnly ? await publishedOf(tx, code, languages) : new Map<string, StoreEmailTemplateRow>();
  for (const { language: each, rung } of chain) {
    const store = ofStore.get(each);
    if (store) return ofStoreVersion(store, rung, platform.get(each) ?? anyOfCode);
    const theirs = platform.get(each);
    if (theirs)
      return { source: 'PLATFORM', id: toUuid(theirs.id), version: theirs.version, language: each, rung, words: theirs, template: theirs };
  }
  return undefined;
}

/** A version of the store's, however it was found. */
export const ofStoreVersion = (row: StoreEmailTemplateRow, rung: Rung, template: EmailTemplateRow): Resolution => ({
  source: 'STORE',
  id: toUuid(row.id),
  version: row.version,
  language: row.language,
  rung,
  words: row,
  template,
});

/** The newest active version of each of the languages. */
export async function newestOf(tx: Tx, code: string, languages: readonly string[]): Promise<Map<string, EmailTemplateRow>> {
  const rows = await tx
    .selectDistinctOn([emailTemplates.language])
    .from(emailTemplates)
    .where(and(eq(emailTemplates.code, code), eq(emailTemplates.active, true), sql`${emailTemplates.language} = any(${texts(languages)})`))
    .orderBy(emailTemplates.language, desc(emailTemplates.version));
  return new Map(rows.map((row) => [row.language, row]));
}

async function publishedOf(tx: Tx, code: string, languages: readonly string[]): Promise<Map<string, StoreEmailTemplateRow>> {
  const rows = await tx
    .select()
    .from(storeEmailTemplates)
    .where(
      own(
        tx,
        storeEmailTemplates,
        eq(storeEmailTemplates.code, code),
        eq(storeEmailTemplates.status, 'PUBLISHED'),
        sql`${storeEmailTemplates.language} = any(${texts(languages)})`,
      ),
    );
  return new Map(rows.map((row) => [row.language, row]));
}
