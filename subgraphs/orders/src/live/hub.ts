import { system, type Identity } from '@storegraph/auth';
import type { StoreId } from '@storegraph/core';
import { PublicError, type HubHost } from '@storegraph/subgraph';
import { advance, end, head, isShown, replay, type FeedEntry } from './feed.ts';
import { createQueue, type Queue } from './queue.ts';

interface Limits {
  /** Entries that may wait for a subscriber to take them. */
  readonly mostWaiting: number;
  /** Entries that a cursor may be behind. */
  readonly mostReplayed: bigint;
  readonly pollMs: number;
}

const usual: Limits = { mostWaiting: 500, mostReplayed: 10_000n, pollMs: 1_000 };
/** Entries that one transaction reads, or gives positions to. */
export const perRead = 500;

/** One store's feed, read once in this process for all who follow it. */
interface Stream {
  readonly storeId: StoreId;
  /** Everything up to here has been handed out. */
  position: bigint;
  readonly followers: Map<Queue<FeedEntry>, Identity>;
  /** Subscribers that follow, or are about to. */
  members: number;
  readonly started: Promise<void>;
}

export interface OrderHub {
  /** The store's feed behind `after`, or from now on, as far as the identity may see it. Ends with RESYNC or FELL_BEHIND. */
  follow(identity: Identity, storeId: StoreId, after: bigint | null): AsyncIterableIterator<FeedEntry, void>;
}

export const orderHub = (host: HubHost): OrderHub => createOrderHub(host);

export function createOrderHub(host: HubHost, limits: Limits = usual): OrderHub {
  const { mostWaiting, mostReplayed, pollMs } = limits;
  const streams = new Map<StoreId, Stream>();

  function enter(storeId: StoreId): Stream {
    const stream = streams.get(storeId) ?? open(storeId);
    stream.members += 1;
    return stream;
  }

  function leave(stream: Stream): void {
    stream.members -= 1;
    if (stream.members === 0 && streams.get(stream.storeId) === stream) streams.delete(stream.storeId);
  }

  function open(storeId: StoreId): Stream {
    const started = Promise.withResolvers<void>();
    // Told to each subscriber that waits for it.
    started.promise.catch(() => undefined);
    const stream: Stream = { storeId, position: 0n, followers: new Map(), members: 0, started: started.promise };
    streams.set(storeId, stream);
    void start(stream).then(
      () => {
        started.resolve();
        return run(stream);
      },
      (error: unknown) => {
        // The next subscriber tries anew.
        streams.delete(storeId);
        started.reject(error);
      },
    );
    return stream;
  }

  /** Begins at the end: what came before is each subscriber's own to read. */
  async function start(stream: Stream): Promise<void> {
    stream.position = await end(() => host.within(system(stream.storeId), (db) => head(db, perRead)));
  }

  async function run(stream: Stream): Promise<void> {
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
  async function handOut(stream: Stream): Promise<boolean> {
    try {
      const entries = await host.within(system(stream.storeId), (db) => advance(db, stream.position, perRead));
      for (const entry of entries) {
        stream.position = entry.position;
        for (const [queue, identity] of stream.followers) if (isShown(entry, identity)) queue.push(entry);
      }
      return entries.length === perRead;
    } catch (error) {
      host.log.warn({ storeId: stream.storeId, error }, 'The order feed could not be read.');
      return false;
    }
  }

  const tooOld = () =>
    new PublicError('RESYNC', 'Too much has happened since this cursor. Read the lists again, and subscribe without one.');
  const tooSlow = () => new PublicError('FELL_BEHIND', 'What there was was not taken in time. Subscribe again with the last cursor.');

  /** Reads up to the stream's own place, and there joins it: in one go, so that nothing can come between. */
  async function* from(
    stream: Stream,
    identity: Identity,
    after: bigint | null,
    joined: (queue: Queue<FeedEntry>) => boolean,
  ): AsyncGenerator<FeedEntry, void> {
    await stream.started;
    let last = after ?? stream.position;
    // Another process may be ahead of this one.
    if (last > stream.position)
      await host.within(system(stream.storeId), (db) => head(db, perRead)).then((found) => ensure(last <= found.last));
    ensure(stream.position - last <= mostReplayed);
    while (last < stream.position) {
      const to = stream.position;
      const [behind, limit] = [last, perRead];
      const entries = await host.within(identity, (db) => replay(db, behind, to, limit));
      for (const entry of entries) {
        yield entry;
        last = entry.position;
      }
      if (entries.length < limit) last = to;
    }
    const queue = createQueue<FeedEntry>(mostWaiting, tooSlow, () => stream.followers.delete(queue));
    if (!joined(queue)) return;
    stream.followers.set(queue, identity);
    const skipped = last;
    for (let next = await queue.next(); next.done !== true; next = await queue.next()) if (next.value.position > skipped) yield next.value;
  }

  function ensure(isKnown: boolean): void {
    if (!isKnown) throw tooOld();
  }

  return {
    follow(identity, storeId, after) {
      const stream = enter(storeId);
      let left = false;
      let queue: Queue<FeedEntry> | undefined;
      const entries = from(stream, identity, after, (made) => {
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
