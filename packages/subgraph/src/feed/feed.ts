import { system, type Identity } from '@storegraph/auth';
import type { StoreId } from '@storegraph/core';
import type { Db } from '@storegraph/database';
import { PublicError } from '../errors.ts';
import type { HubHost } from '../hub.ts';
import { createQueue, type Queue } from './queue.ts';

/** Something that happened in a store, with its place in the store's feed: dense, and final once it was given. */
export interface FeedEntry {
  readonly position: bigint;
}

export interface FeedHead {
  readonly last: bigint;
  /** Whether there may be more to give positions to. */
  readonly more: boolean;
}

/** Where a store's feed is read. Each function runs in a session of the store's own system. */
export interface FeedSource<Entry extends FeedEntry> {
  /** For the log. */
  readonly domain: string;
  /** Gives positions to what has been committed since, at most `limit`, and says where the feed ends. */
  head(db: Db, limit: number): Promise<FeedHead>;
  /** The same, and reads at most `limit` entries behind `after`. */
  advance(db: Db, after: bigint, limit: number): Promise<Entry[]>;
}

export interface FeedLimits {
  /** Entries that may wait for a subscriber to take them. */
  readonly mostWaiting: number;
  readonly pollMs: number;
}

/** Somebody who follows a store's feed, or one thread of it. */
export interface Follower<Entry extends FeedEntry> {
  readonly identity: Identity;
  readonly storeId: StoreId;
  /** The place behind which the follower goes on, as `placeOf` numbers them; null: from now on. */
  readonly after: bigint | null;
  /** Everything up to this position is behind `after`: there the replay begins. */
  readonly covered: bigint;
  /** The number of an entry in what is followed: it grows. */
  placeOf(entry: Entry): bigint;
  /** What the follower may see behind `after`, up to the position `to`. In a session of its identity. */
  replay(db: Db, after: bigint, to: bigint, limit: number): Promise<Entry[]>;
  /** As `replay` has it, for entries that were read for all followers. */
  isShown(entry: Entry): boolean;
  /** Whether the feed, which has been handed out up to `position`, can go on behind `after`. */
  isServable(after: bigint, feed: { readonly position: bigint; head(): Promise<bigint> }): Promise<boolean>;
}

/** The feeds of a domain's stores, each read once in this process for all who follow it. */
export interface Feeds<Entry extends FeedEntry> {
  /** Each entry once and in order. Ends with RESYNC where the cursor can't be served, and with FELL_BEHIND where the follower is too slow. */
  follow(follower: Follower<Entry>): AsyncIterableIterator<Entry, void>;
}

interface Stream<Entry> {
  readonly storeId: StoreId;
  /** Everything up to here has been handed out. */
  position: bigint;
  readonly followers: Map<Queue<Entry>, (entry: Entry) => boolean>;
  /** Subscribers that follow, or are about to. */
  members: number;
  readonly started: Promise<void>;
}

/** Entries that one transaction reads, or gives positions to. */
export const perRead = 500;

const usual: FeedLimits = { mostWaiting: 500, pollMs: 1_000 };

/** The feed's last position, once all that has been committed has one. `step` is `head` in a transaction of its own, so that none takes long. */
export async function feedEnd(step: () => Promise<FeedHead>): Promise<bigint> {
  for (;;) {
    const { last, more } = await step();
    if (!more) return last;
  }
}

export function createFeeds<Entry extends FeedEntry>(host: HubHost, source: FeedSource<Entry>, limits: FeedLimits = usual): Feeds<Entry> {
  const { mostWaiting, pollMs } = limits;
  const streams = new Map<StoreId, Stream<Entry>>();
  const headOf = (storeId: StoreId) => host.within(system(storeId), (db) => source.head(db, perRead));

  function enter(storeId: StoreId): Stream<Entry> {
    const stream = streams.get(storeId) ?? open(storeId);
    stream.members += 1;
    return stream;
  }

  function leave(stream: Stream<Entry>): void {
    stream.members -= 1;
    if (stream.members === 0 && streams.get(stream.storeId) === stream) streams.delete(stream.storeId);
  }

  function open(storeId: StoreId): Stream<Entry> {
    const started = Promise.withResolvers<void>();
    // Told to each subscriber that waits for it.
    started.promise.catch(() => undefined);
    const stream: Stream<Entry> = { storeId, position: 0n, followers: new Map(), members: 0, started: started.promise };
    streams.set(storeId, stream);
    void start(stream).then(
      () => {
        started.resolve();
        return run(stream);
      },
      (error: unknown) => {
        // The next subscriber tries anew, unless one has done so since everybody left this one.
        if (streams.get(storeId) === stream) streams.delete(storeId);
        started.reject(error);
      },
    );
    return stream;
  }

  /** Begins at the end: what came before is each subscriber's own to read. */
  async function start(stream: Stream<Entry>): Promise<void> {
    stream.position = await feedEnd(() => headOf(stream.storeId));
  }

  async function run(stream: Stream<Entry>): Promise<void> {
    let woken = Promise.withResolvers<void>();
    const forget = host.onWake(() => woken.resolve());
    try {
      while (stream.members > 0) {
        // Before the look at the database, so that a commit during it is looked at again.
        woken = Promise.withResolvers<void>();
        const more = await handOut(stream);
        if (more) continue;
        const timer = setTimeout(() => woken.resolve(), pollMs);
        await woken.promise;
        clearTimeout(timer);
      }
    } finally {
      forget();
    }
  }

  /** Gives everybody what is new. Tells whether there may be more. A failure loses nothing: the position moves only with what was handed out. */
  async function handOut(stream: Stream<Entry>): Promise<boolean> {
    try {
      const entries = await host.within(system(stream.storeId), (db) => source.advance(db, stream.position, perRead));
      for (const entry of entries) {
        stream.position = entry.position;
        for (const [queue, isShown] of stream.followers) if (isShown(entry)) queue.push(entry);
      }
      return entries.length === perRead;
    } catch (error) {
      host.log.warn({ storeId: stream.storeId, domain: source.domain, error }, 'The feed could not be read.');
      return false;
    }
  }

  const tooSlow = () => new PublicError('FELL_BEHIND', 'What there was was not taken in time. Subscribe again with the last cursor.');

  /** Reads up to the stream's own place, and there joins it: in one go, so that nothing can come between. */
  async function* from(
    stream: Stream<Entry>,
    follower: Follower<Entry>,
    joined: (queue: Queue<Entry>) => boolean,
  ): AsyncGenerator<Entry, void> {
    const { identity, storeId, after, placeOf } = follower;
    await stream.started;
    let last = after;
    if (last !== null) {
      const feed = { position: stream.position, head: async () => (await headOf(storeId)).last };
      if (!(await follower.isServable(last, feed))) throw tooOld();
      for (let covered = follower.covered; covered < stream.position;) {
        const [to, behind] = [stream.position, last];
        const entries = await host.within(identity, (db) => follower.replay(db, behind, to, perRead));
        for (const entry of entries) {
          yield entry;
          last = placeOf(entry);
        }
        if (entries.length < perRead) covered = to;
      }
    }
    const queue = createQueue<Entry>(mostWaiting, tooSlow, () => stream.followers.delete(queue));
    if (!joined(queue)) return;
    stream.followers.set(queue, (entry) => follower.isShown(entry));
    const seen = last;
    // Another process may have been ahead of this one: what it has told comes here once more.
    for (let next = await queue.next(); next.done !== true; next = await queue.next())
      if (seen === null || placeOf(next.value) > seen) yield next.value;
  }

  return {
    follow(follower) {
      const stream = enter(follower.storeId);
      let left = false;
      let queue: Queue<Entry> | undefined;
      const entries = from(stream, follower, (made) => {
        if (!left) queue = made;
        return !left;
      });
      const out = () => {
        if (!left) leave(stream);
        left = true;
      };
      return {
        async next() {
          try {
            const next = await entries.next();
            if (next.done === true) out();
            return next;
          } catch (error) {
            out();
            throw error;
          }
        },
        // At once, though a next one is being waited for.
        return() {
          out();
          queue?.end();
          return entries.return();
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}

const tooOld = () => new PublicError('RESYNC', 'Too much has happened since this cursor. Read the lists again, and subscribe without one.');

/** How many entries a cursor of a store's whole feed may be behind. */
const mostReplayed = 10_000n;

/** A follower's way through a store's whole feed: the places are the positions themselves. */
export const wholeFeed = <Entry extends FeedEntry>(
  after: bigint | null,
  most = mostReplayed,
): Pick<Follower<Entry>, 'after' | 'covered' | 'placeOf' | 'isServable'> => ({
  after,
  covered: after ?? 0n,
  placeOf: ({ position }) => position,
  // Another process may be ahead of this one.
  isServable: async (place, { position, head }) => position - place <= most && (place <= position || place <= (await head())),
});
