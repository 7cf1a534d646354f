import type { Sealer } from '@storegraph/auth';
import { own, storeOf, type Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { EmailRow } from '../email/tables.ts';
import { settingsOf } from './find.ts';
import { ownRoute, type Route } from './route.ts';
import { emailSettings, type EmailSettingsRow } from './tables.ts';

const kind = 'EmailSettings';
const noted = z.object({ revision: z.int() });

/** What tells a mail that verifies settings from every other: which settings, and as they are now. */
export const checkOf = ({ id, revision }: EmailSettingsRow) => ({ relatedTo: { kind, id }, data: { revision } });

export const isCheck = ({ relatedKind }: Pick<EmailRow, 'relatedKind'>): boolean => relatedKind === kind;

/** By the very settings that are verified, or null when they have been changed since. */
export async function checkRoute(tx: Tx, sealer: Sealer, email: EmailRow): Promise<Route | null> {
  const settings = await settingsOf(tx);
  return settings?.revision === revisionOf(email) ? ownRoute(settings, storeOf(tx), sealer) : null;
}

/** Stores how a check ended; `error` null: well. Of settings that have been changed since it says nothing. */
export async function noteCheck(tx: Tx, email: EmailRow, error: string | null, now: Date): Promise<void> {
  const outcome =
    error === null ? { verified: true, lastVerifiedAt: now, verificationError: null } : { verified: false, verificationError: error };
  await tx
    .update(emailSettings)
    .set(outcome)
    .where(own(tx, emailSettings, eq(emailSettings.revision, revisionOf(email))));
}

const revisionOf = ({ data }: EmailRow): number => noted.parse(data).revision;
