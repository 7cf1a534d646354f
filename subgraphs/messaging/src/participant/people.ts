import type { Refusal } from '@storegraph/core';
import { fail } from '@storegraph/core';
import { refusalMessages } from '../conversation/conversation.ts';
import type { ConversationRow } from '../conversation/tables.ts';

type PeopleCode = 'DIRECT_CHANNEL' | 'CONVERSATION_MERGED' | 'CHANNEL_ARCHIVED';

/** Why nobody can come into a conversation or leave it. */
export function peopleRefusal({ visibility, mergedIntoId, archivedAt }: ConversationRow): Refusal<PeopleCode> | undefined {
  if (visibility === 'DIRECT') return fail('DIRECT_CHANNEL', 'Nobody comes into a direct channel, or leaves it.');
  if (mergedIntoId) return fail('CONVERSATION_MERGED', refusalMessages.CONVERSATION_MERGED);
  return archivedAt ? fail('CHANNEL_ARCHIVED', refusalMessages.CHANNEL_ARCHIVED) : undefined;
}
