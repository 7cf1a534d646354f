import { system } from '@storegraph/auth';
import { newId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import type { Start } from '@storegraph/subgraph';
import { sql } from 'drizzle-orm';
import { templateFiles } from './files.ts';
import { loadMjml } from './mjml.ts';
import { emailTemplates } from './tables.ts';

/**
 * Takes the ready-made templates into the database: a file that says something new becomes the next version of its template, one that is known already
 * changes nothing. Runs at every start, in several processes at once.
 */
export const seedTemplates: Start = async (env) => {
  const db = env.db(system(null));
  await db.write(take);
  await loadMjml();
};

export async function take(tx: Tx): Promise<void> {
  const known = await tx.select({ hash: emailTemplates.hash }).from(emailTemplates);
  const hashes = new Set(known.map(({ hash }) => hash));
  const unknown = templateFiles().filter(({ hash }) => !hashes.has(hash));
  if (unknown.length === 0) return;
  // One at a time gives out versions; whoever comes second finds the first one's.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('messaging.email_templates'))`);
  for (const { code, language, ...said } of unknown) {
    const next = sql<number>`(select coalesce(max(version), 0) + 1 from ${emailTemplates} where code = ${code} and language = ${language})`;
    await tx
      .insert(emailTemplates)
      .values({ id: newId('etp'), code, language, version: next, active: true, ...said })
      .onConflictDoNothing();
  }
}
