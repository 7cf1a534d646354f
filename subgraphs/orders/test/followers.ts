import { randomUUID } from 'node:crypto';
import { createSealer, deriveSecrets, type Identity } from '@storegraph/auth';
import type { StoreId } from '@storegraph/core';
import { writeFeedCursor } from '@storegraph/subgraph';
import { deploymentSecret } from '@storegraph/testing';
import { feedOf } from '../src/live/follow.ts';
import type { OrdersHarness } from './desk.ts';

export interface Told {
  readonly cursor: string;
  readonly event: { readonly id: string; readonly kind: string; readonly sequence: number };
  readonly order: { readonly id: string; readonly number: string } | null;
}

interface Answer {
  readonly data?: { readonly orderEvents: Told } | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

export interface Follower {
  /** The next entry; the code of what ended it, or null where nothing more comes. */
  next(): Promise<Told | string | null>;
  take(count: number): Promise<Told[]>;
  stop(): Promise<void>;
}

const query = 'subscription ($after: EventCursor) { orderEvents(after: $after) { cursor event { id kind sequence } order { id number } } }';

/** Follows a store's live feed. Nothing is asked for before the first `next`. */
export function follower({ runtime }: OrdersHarness, identity: Identity, after: string | null = null): Follower {
  const answers = runtime.subscribe({ query, variables: { after }, identity, requestId: randomUUID() });
  const next: Follower['next'] = async () => {
    const { done, value } = await answers.next();
    if (done === true) return null;
    const { data, errors } = JSON.parse(JSON.stringify(value)) as Answer;
    return errors?.[0]?.extensions.code ?? data?.orderEvents ?? null;
  };
  return {
    next,
    async take(count) {
      const told: Told[] = [];
      while (told.length < count) {
        const entry = await next();
        if (entry === null || typeof entry === 'string') throw new Error(`Ended after ${told.length} with ${String(entry)}`);
        told.push(entry);
      }
      return told;
    },
    stop: async () => void (await answers.return?.()),
  };
}

/** A cursor before everything that has happened in the store. */
export const beginning = (storeId: StoreId): string =>
  writeFeedCursor(createSealer({ keys: [deriveSecrets(deploymentSecret).sealingKey] }), feedOf(storeId), 0n);
