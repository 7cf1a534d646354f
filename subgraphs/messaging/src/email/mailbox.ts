import { newId, type Id } from '@storegraph/core';
import { first, own, owned, type Tx } from '@storegraph/database';
import { and, eq, lt, sql } from 'drizzle-orm';
import {
  emailEvents,
  emailLogs,
  platformEmailEvents,
  platformEmailLogs,
  platformSuppressions,
  suppressions,
  type EmailRow,
  type NewEmail,
  type NewEmailEvent,
  type SuppressionReason,
} from './tables.ts';

// Mails stand with the store that they are of; in a transaction of no store, with the platform. Here alone the two are told apart.
const ofPlatform = (tx: Tx): boolean => tx.scope.identity.storeId === null;

/** Gives null where a mail with this cause is there already. */
export async function insertEmail(tx: Tx, { customerId, userId, ...email }: NewEmail): Promise<EmailRow | null> {
  const rows: EmailRow[] = ofPlatform(tx)
    ? await tx
        .insert(platformEmailLogs)
        .values({ ...email, userId })
        .onConflictDoNothing()
        .returning()
    : await tx
        .insert(emailLogs)
        .values(owned(tx, { ...email, customerId }))
        .onConflictDoNothing()
        .returning();
  return first(rows) ?? null;
}

export async function lockEmail(tx: Tx, id: Id<'eml'>): Promise<EmailRow | undefined> {
  const rows: EmailRow[] = ofPlatform(tx)
    ? await tx.select().from(platformEmailLogs).where(eq(platformEmailLogs.id, id)).for('update')
    : await tx
        .select()
        .from(emailLogs)
        .where(own(tx, emailLogs, eq(emailLogs.id, id)))
        .for('update');
  return first(rows);
}

/** With `below`, only where the mail's rank is lower. */
export async function updateEmail(
  tx: Tx,
  id: Id<'eml'>,
  set: Partial<Omit<NewEmail, 'customerId' | 'userId'>>,
  below?: number,
): Promise<void> {
  if (ofPlatform(tx)) {
    const lower = below === undefined ? undefined : lt(platformEmailLogs.rank, below);
    await tx
      .update(platformEmailLogs)
      .set(set)
      .where(and(eq(platformEmailLogs.id, id), lower));
    return;
  }
  const lower = below === undefined ? undefined : lt(emailLogs.rank, below);
  await tx
    .update(emailLogs)
    .set(set)
    .where(own(tx, emailLogs, eq(emailLogs.id, id), lower));
}

/** Gives false where the provider has told of it before. */
export async function insertEvent(tx: Tx, event: NewEmailEvent): Promise<boolean> {
  const rows = ofPlatform(tx)
    ? await tx.insert(platformEmailEvents).values(event).onConflictDoNothing().returning({ id: platformEmailEvents.id })
    : await tx.insert(emailEvents).values(owned(tx, event)).onConflictDoNothing().returning({ id: emailEvents.id });
  return rows.length > 0;
}

/** Why nothing goes to an address, or null where nothing is known against it: the strongest reason, that it does not exist. */
export async function suppressionOf(tx: Tx, address: string): Promise<SuppressionReason | null> {
  const rows = ofPlatform(tx)
    ? await tx
        .select({ reason: platformSuppressions.reason })
        .from(platformSuppressions)
        .where(eq(platformSuppressions.address, address))
        .orderBy(sql`array_position(array['BOUNCED', 'COMPLAINED', 'BLOCKED'], ${platformSuppressions.reason})`)
        .limit(1)
    : await tx
        .select({ reason: suppressions.reason })
        .from(suppressions)
        .where(own(tx, suppressions, eq(suppressions.address, address)))
        .orderBy(sql`array_position(array['BOUNCED', 'COMPLAINED', 'BLOCKED'], ${suppressions.reason})`)
        .limit(1);
  return first(rows)?.reason ?? null;
}

/** From now on nothing goes to the address. Once for each reason. */
export async function suppress(tx: Tx, address: string, reason: SuppressionReason, detail: string | null): Promise<void> {
  const row = { id: newId('sup'), address, reason, detail };
  if (ofPlatform(tx)) await tx.insert(platformSuppressions).values(row).onConflictDoNothing();
  else await tx.insert(suppressions).values(owned(tx, row)).onConflictDoNothing();
}
