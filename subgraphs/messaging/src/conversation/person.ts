import type { Identity } from '@storegraph/auth';
import type { Id } from '@storegraph/core';

/** Who speaks and acts in conversations: the platform's staff, the store's (members and API keys), the customer, a bot, and the system itself. */
export const personKinds = ['ADMIN', 'STORE', 'CUSTOMER', 'BOT', 'SYSTEM'] as const;
export type PersonKind = (typeof personKinds)[number];

/** The kinds that can take part: a person who reads. */
export const participantKinds = ['ADMIN', 'STORE', 'CUSTOMER'] as const;
export type ParticipantKind = (typeof participantKinds)[number];

export interface Person {
  readonly kind: PersonKind;
  /** usr_ of staff, key_ of an API key, cus_ of a customer; null for the system. */
  readonly id: Id | null;
}

export const systemPerson: Person = { kind: 'SYSTEM', id: null };

/** Who the caller is in a conversation. */
export function personOf({ kind, subjectId: id }: Pick<Identity, 'kind' | 'subjectId'>): Person {
  switch (kind) {
    case 'PLATFORM':
      return { kind: 'ADMIN', id };
    case 'STAFF':
    case 'API_KEY':
      return { kind: 'STORE', id };
    case 'CUSTOMER':
      return { kind: 'CUSTOMER', id };
    case 'SYSTEM':
    case 'ANONYMOUS':
      return systemPerson;
  }
}

/** The user that the caller is, who can take part in conversations. An API key is nobody, and a customer takes part as the conversation's. */
export const userOf = ({ kind, subjectId }: Pick<Identity, 'kind' | 'subjectId'>): Id<'usr'> | null =>
  kind === 'STAFF' || kind === 'PLATFORM' ? (subjectId as Id<'usr'> | null) : null;

/**
 * Whether what `actor` wrote is the person's own. A conversation has one customer, under whatever id: two may have become one.
 */
export const isOwn = (person: Person, actor: Person): boolean =>
  person.kind === actor.kind && (person.kind === 'CUSTOMER' || person.id === actor.id);
