import { randomUUID } from 'node:crypto';
import type { Identity } from '@storegraph/auth';
import type { MessagingHarness } from './desk.ts';

export interface Told {
  readonly cursor: string;
  readonly event: {
    readonly sequence: number;
    readonly kind: string;
    readonly message: { readonly id: string; readonly content: string | null; readonly deletedAt: string | null } | null;
  };
  readonly conversation: {
    readonly id: string;
    readonly status: string;
    readonly subject: string | null;
    readonly sequence: number;
  } | null;
}

interface Answer {
  readonly data?: Readonly<Record<string, Told>> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

export interface Follower {
  /** The next change; the code of what ended it, or null where nothing more comes. */
  next(): Promise<Told | string | null>;
  take(count: number): Promise<Told[]>;
  stop(): Promise<void>;
}

const selection = 'cursor event { sequence kind message { id content deletedAt } } conversation { id status subject sequence }';
const inbox = `subscription ($after: EventCursor) { told: inboxEvents(after: $after) { ${selection} } }`;
const conversation = `subscription ($id: ID!, $after: EventCursor) { told: conversationEvents(conversationId: $id, after: $after) { ${selection} } }`;

/** Follows a conversation, or with `null` the store's inbox. Nothing is asked for before the first `next`. */
export function follow({ runtime }: MessagingHarness, identity: Identity, id: string | null, after: string | null = null): Follower {
  const [query, variables] = id === null ? [inbox, { after }] : [conversation, { id, after }];
  const answers = runtime.subscribe({ query, variables, identity, requestId: randomUUID() });
  const next: Follower['next'] = async () => {
    const { done, value } = await answers.next();
    if (done === true) return null;
    const { data, errors } = JSON.parse(JSON.stringify(value)) as Answer;
    return errors?.[0]?.extensions.code ?? data?.['told'] ?? null;
  };
  return {
    next,
    async take(count) {
      const told: Told[] = [];
      while (told.length < count) {
        const change = await next();
        if (change === null || typeof change === 'string') throw new Error(`Ended after ${told.length} with ${String(change)}`);
        told.push(change);
      }
      return told;
    },
    stop: async () => void (await answers.return?.()),
  };
}
