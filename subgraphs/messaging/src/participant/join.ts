import { newId, type Id } from '@storegraph/core';
import { insertRows, own, owned, type Tx } from '@storegraph/database';
import { eq, inArray, sql } from 'drizzle-orm';
import type { Change } from '../conversation/change.ts';
import { participants, type ConversationRow } from '../conversation/tables.ts';
import { knownMembers } from '../member/tables.ts';

/** A user in a conversation: a member of the store, or the platform's. */
export interface Joining {
  readonly kind: 'STORE' | 'ADMIN';
  readonly userId: Id<'usr'>;
}

/** Lets users take part in a locked conversation. Gives the changes to record: those who take part already are none. */
export async function join(
  tx: Tx,
  { id: conversationId, customerId }: Pick<ConversationRow, 'id' | 'customerId'>,
  users: readonly Joining[],
): Promise<Change[]> {
  const wanted = [...new Map(users.map((user) => [`${user.kind} ${user.userId}`, user])).values()];
  if (wanted.length === 0) return [];
  const ids = wanted.map(({ userId }) => userId);
  const present = await tx
    .select({ userId: participants.userId, kind: participants.kind })
    .from(participants)
    .where(
      own(
        tx,
        participants,
        eq(participants.conversationId, conversationId),
        eq(participants.active, true),
        inArray(participants.userId, ids),
      ),
    );
  const fresh = wanted.filter((user) => !present.some((other) => other.kind === user.kind && other.userId === user.userId));
  if (fresh.length === 0) return [];
  const rows = fresh.map((user) => owned(tx, { ...newcomer, ...user, id: newId('prt'), conversationId, customerId }));
  await insertRows(tx, participants, rows, {
    onConflict: sql`on conflict on constraint participants_person_key do update set active = true, updated_at = now()`,
  });
  return fresh.map(({ kind, userId }) => ({ kind: 'PARTICIPANT_ADDED', public: false, person: { kind, id: userId } }));
}

/** What somebody who has just come has set and read. */
export const newcomer = { active: true, muted: false, emailNotifications: true, lastRead: 0, lastReadAt: null } as const;

/** Those of the users who are members of the store now. */
export async function activeMembers(tx: Tx, users: readonly Id<'usr'>[]): Promise<Set<Id<'usr'>>> {
  if (users.length === 0) return new Set();
  const rows = await tx
    .select({ userId: knownMembers.userId })
    .from(knownMembers)
    .where(own(tx, knownMembers, inArray(knownMembers.userId, [...users]), eq(knownMembers.active, true)));
  return new Set(rows.map(({ userId }) => userId));
}
