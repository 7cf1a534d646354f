import { system, type Identity, type Sealer } from '@storegraph/auth';
import { newId, silentLogger, type Id, type StoreId } from '@storegraph/core';
import type { Pool, Scope, Tx } from '@storegraph/database';
import type { TestDatabase } from '@storegraph/testing';
import { z } from 'zod';
import {
  createPostgresTransport,
  defineEvent,
  defineReaction,
  idOf,
  startDispatcher,
  type Contract,
  type Dispatcher,
  type EventTransport,
  type Reaction,
  type ReactionKind,
  type Retry,
} from '../src/index.ts';

/** The log's tests have their own contracts: orders emits, customers reacts. */
export const noted = defineEvent({
  type: 'test.noted',
  version: 1,
  producer: 'orders',
  description: 'Something was noted about a thing.',
  aggregate: (payload) => payload.thing,
  payload: z.object({ thing: idOf('thg'), number: z.number().int(), amount: z.bigint().default(0n) }),
  personal: z.object({ name: z.string() }),
  subject: (payload) => payload.thing,
  secretFor: 'customers',
});

export const thing = (): Id<'thg'> => newId('thg');
export const store = (): StoreId => newId('sto');

export const quick: Retry = { attempts: 3, firstDelayMs: 20, longestDelayMs: 40 };

function scopeOf(domain: string, identity: Identity, origin: Scope['origin'] = 'LIVE'): Scope {
  return { domain, identity, correlationId: newId('req'), origin };
}

/** One transaction of a domain, as SYSTEM of a store unless told otherwise. */
export async function write<T>(
  pool: Pool,
  work: (tx: Tx) => Promise<T>,
  { domain = 'orders', identity = system(null), origin = 'LIVE' }: { domain?: string; identity?: Identity; origin?: Scope['origin'] } = {},
): Promise<T> {
  const db = pool.session(scopeOf(domain, identity, origin));
  try {
    return await db.write(work);
  } finally {
    await db.end();
  }
}

export const reactionOf = <C extends Contract>(name: string, kind: ReactionKind, on: C, handle: Reaction<C>['handle']) =>
  defineReaction({ name, kind, on: [on], handle });

export interface Running {
  readonly transport: EventTransport;
  readonly dispatcher: Dispatcher;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface RunOptions {
  readonly retry?: Retry;
  readonly sealer?: Sealer;
  readonly pollMs?: number;
  /** What the dispatcher has in place of the transport. */
  readonly through?: (transport: EventTransport) => EventTransport;
}

/** A dispatcher of reactions of `customers` that is stopped at the end of the block. */
export async function run(
  database: TestDatabase,
  reactions: readonly Reaction[],
  { retry = quick, sealer, pollMs, through = (transport) => transport }: RunOptions = {},
): Promise<Running> {
  const transport = createPostgresTransport({ url: database.loginOf('events') });
  const dispatcher = await startDispatcher({
    transport: through(transport),
    pool: database.pool,
    reactions: reactions.map((reaction) => ({ domain: 'customers', reaction })),
    log: silentLogger,
    retry,
    ...(sealer ? { sealer } : {}),
    ...(pollMs === undefined ? {} : { pollMs }),
  });
  return {
    transport,
    dispatcher,
    async [Symbol.asyncDispose]() {
      await dispatcher.stop();
      await transport.close();
    },
  };
}

/** Makes a table in which the tests' reactions of `customers` note what they have done. */
export async function createNotes(database: TestDatabase): Promise<void> {
  await database.admin(
    'create table customers.test_notes (consumer text not null, thing text not null, number integer not null, made bigserial)',
  );
  await database.admin('grant select, insert on customers.test_notes to storegraph_customers');
  await database.admin('grant usage on all sequences in schema customers to storegraph_customers');
}

export async function notesOf(database: TestDatabase, consumer: string): Promise<{ thing: string; number: number }[]> {
  return database.admin<{ thing: string; number: number }>(
    'select thing, number from customers.test_notes where consumer = $1 order by made',
    [consumer],
  );
}

/** mulberry32: the same numbers in [0, 1) for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
