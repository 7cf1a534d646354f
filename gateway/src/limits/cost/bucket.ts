import { RateLimiterMemory } from 'rate-limiter-flexible';

export interface ThrottleStatus {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  /** Points a second. */
  readonly restoreRate: number;
}

export interface BucketOptions {
  /** What a full bucket holds. */
  readonly maximumAvailable: number;
  /** Points a second. From full to empty and back must take less than 24 days. */
  readonly restoreRate: number;
}

/** A leaky bucket for each key. Where several gateways are to share buckets, another store takes the place of the memory behind this. */
export interface Buckets {
  /** Takes points if there are so many, and says what is left; or takes nothing, and says after how many milliseconds there will be enough. */
  take(key: string, points: number): Promise<{ status: ThrottleStatus; waitMs: number }>;
  /** Gives points back, or takes more (negative) whether they are there or not. */
  giveBack(key: string, points: number): Promise<ThrottleStatus>;
}

/**
 * Buckets in this process. A limiter of rate-limiter-flexible counts in windows; here it keeps only when each bucket will be full again, as its key's
 * expiry, from which the level of any moment follows: it rises by the rate, continuously. A full bucket takes no memory.
 */
export function memoryBuckets({ maximumAvailable, restoreRate }: BucketOptions): Buckets {
  const limiter = new RateLimiterMemory({ points: maximumAvailable, duration: 0 });
  const status = (used: number): ThrottleStatus => ({
    maximumAvailable,
    currentlyAvailable: Math.max(0, Math.floor(maximumAvailable - used)),
    restoreRate,
  });

  // Reading and writing are two steps: nobody else's may come between them. Both are done within one turn of the event loop.
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    // One that fails must not fail all that come after it.
    turn = done.catch(() => undefined);
    return done;
  }

  const usedOf = async (key: string): Promise<number> => (Math.max(0, (await limiter.get(key))?.msBeforeNext ?? 0) / 1_000) * restoreRate;

  async function write(key: string, used: number): Promise<void> {
    const fullInSeconds = used / restoreRate;
    // An expiry of nothing would mean never.
    await (fullInSeconds > 0.001 ? limiter.set(key, Math.ceil(used), fullInSeconds) : limiter.delete(key));
  }

  return {
    take: (key, points) =>
      inTurn(async () => {
        const used = await usedOf(key);
        const missing = used + points - maximumAvailable;
        if (missing > 0) return { status: status(used), waitMs: Math.ceil((missing / restoreRate) * 1_000) };
        await write(key, used + points);
        return { status: status(used + points), waitMs: 0 };
      }),
    giveBack: (key, points) =>
      inTurn(async () => {
        const used = Math.max(0, (await usedOf(key)) - points);
        await write(key, used);
        return status(used);
      }),
  };
}
