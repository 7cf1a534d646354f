import type { Context } from '@storegraph/subgraph';
import type { Person } from './person.ts';
import type { ConversationRow } from './tables.ts';

type Asking = Pick<Context, 'identity'>;

/** Customers are told whether staff or they themselves did something, and not who of the staff. */
export const shownPerson = (person: Person, { identity }: Asking): Person =>
  identity.kind === 'CUSTOMER' && person.kind !== 'CUSTOMER' ? { kind: person.kind, id: null } : person;

/** The numbers and times of a conversation, in which no note has left a trace where a customer asks. */
export const shownCounts = (conversation: ConversationRow, { identity }: Asking) =>
  identity.kind === 'CUSTOMER'
    ? {
        sequence: conversation.publicSequence,
        messageCount: conversation.publicMessageCount,
        lastMessageAt: conversation.publicMessageCount > 0 ? conversation.lastPublicMessageAt : null,
        updatedAt: conversation.publicUpdatedAt,
      }
    : {
        sequence: conversation.sequence,
        messageCount: conversation.messageCount,
        lastMessageAt: conversation.messageCount > 0 ? conversation.lastMessageAt : null,
        updatedAt: conversation.updatedAt,
      };
