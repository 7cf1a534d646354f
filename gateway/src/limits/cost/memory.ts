import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { bucketsOf, type BucketOptions, type Buckets } from './bucket.ts';

/** Buckets in this process. */
export const memoryBuckets = (options: BucketOptions): Buckets => bucketsOf(leakyMemory(options), options);

/**
 * The library's limiter counts in windows, which give everything back at once; this keeps only when each bucket will be full again, as its key's expiry,
 * from which the level of any moment follows. A full bucket takes no memory.
 */
export function leakyMemory({ maximumAvailable, restoreRate }: BucketOptions): RateLimiterMemory {
  const limiter = new RateLimiterMemory({ points: maximumAvailable, duration: 0 });

  // Reading and writing are two steps: nobody else's may come between them. Both are done within one turn of the event loop.
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    // One that fails must not fail all that come after it.
    turn = done.catch(() => undefined);
    return done;
  }

  const usedOf = async (key: string): Promise<number> => (Math.max(0, (await limiter.get(key))?.msBeforeNext ?? 0) / 1_000) * restoreRate;

  async function write(key: string, used: number): Promise<RateLimiterRes> {
    const fullInSeconds = used / restoreRate;
    // An expiry of nothing would mean never.
    await (fullInSeconds > 0.001 ? limiter.set(key, Math.ceil(used), fullInSeconds) : limiter.delete(key));
    return level(used);
  }

  return Object.assign(limiter, {
    consume: (key: string, points = 1) =>
      inTurn(async () => {
        const used = (await usedOf(key)) + points;
        if (used <= maximumAvailable) return write(key, used);
        // The library rejects with a result, which is no error.
        const refusal = level(used) as unknown as Error;
        throw refusal;
      }),
    reward: (key: string, points = 1) => inTurn(async () => write(key, Math.max(0, (await usedOf(key)) - points))),
  });
}

/** The library's result, of which a bucket needs no more than what is used. */
export const level = (used: number): RateLimiterRes => new RateLimiterRes(0, 0, used);
