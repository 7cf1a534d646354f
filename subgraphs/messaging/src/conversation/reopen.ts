import type { Move } from './move.ts';
import type { Person } from './person.ts';
import type { ConversationRow } from './tables.ts';
import { reopened } from './told.ts';

/** What brings a conversation that is closed, pending or asleep back. That it only waited is the staff's to know alone. */
export const backOpen = (conversation: ConversationRow, by: Person): Move => ({
  changes: [
    conversation.status === 'CLOSED'
      ? { kind: 'REOPENED', public: true, event: reopened(conversation, by) }
      : { kind: 'REOPENED', public: false },
  ],
  set: { status: 'OPEN', snoozedUntil: null, closedAt: null, closedByKind: null, closedById: null },
});
