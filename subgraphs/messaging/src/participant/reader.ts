import type { Identity } from '@storegraph/auth';
import type { Id } from '@storegraph/core';
import { and, eq, isNull, type SQL } from 'drizzle-orm';
import { userOf, type ParticipantKind } from '../conversation/person.ts';
import { participants } from '../conversation/tables.ts';

/** By what a person's row in a conversation is found. */
export interface ReaderKey {
  readonly kind: ParticipantKind;
  readonly userId: Id<'usr'> | null;
}

/** The caller as a reader, or undefined for who reads for nobody. */
export function readerOf(identity: Pick<Identity, 'kind' | 'subjectId'>): ReaderKey | undefined {
  if (identity.kind === 'CUSTOMER') return { kind: 'CUSTOMER', userId: null };
  const userId = userOf(identity);
  return userId ? { kind: identity.kind === 'PLATFORM' ? 'ADMIN' : 'STORE', userId } : undefined;
}

/** The condition under which a row of a conversation is the reader's. */
export const isReader = ({ kind, userId }: ReaderKey): SQL | undefined =>
  and(eq(participants.kind, kind), userId ? eq(participants.userId, userId) : isNull(participants.userId));
