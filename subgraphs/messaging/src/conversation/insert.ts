import { newId } from '@storegraph/core';
import { insertRow, owned, type Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { record } from './change.ts';
import type { Person } from './person.ts';
import { conversations, type ConversationRow } from './tables.ts';
import { started } from './told.ts';

/** A new conversation with its first number, locked as every new row is. Undefined where another has what must be unique to it. */
export async function insertConversation(
  tx: Tx,
  what: Pick<ConversationRow, 'type' | 'customerId' | 'subject'> & Partial<ConversationRow>,
  by: Person,
  at: Date,
): Promise<ConversationRow | undefined> {
  const values = {
    ...fresh,
    ...what,
    ...owned(tx, { id: newId('cnv') }),
    lastMessageAt: at,
    lastPublicMessageAt: at,
    createdByKind: by.kind,
    createdById: by.id,
    createdAt: at,
    updatedAt: at,
    publicUpdatedAt: at,
  };
  const inserted = await insertRow(tx, conversations, values, { onConflict: sql`on conflict do nothing` });
  if (!inserted) return undefined;
  return record(tx, inserted, { changes: [{ kind: 'STARTED', public: true, event: started(inserted, by) }], by, at });
}

const fresh = {
  status: 'OPEN',
  priority: 'NORMAL',
  channel: 'CHAT',
  assignmentVersion: 0,
  sequence: 0,
  publicSequence: 0,
  messageCount: 0,
  publicMessageCount: 0,
} as const;
