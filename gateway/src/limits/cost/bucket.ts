import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

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

/** A leaky bucket for each key. */
export interface Buckets {
  /** Takes points if there are so many, and says what is left; or takes nothing, and says after how many milliseconds there will be enough. */
  take(key: string, points: number): Promise<{ status: ThrottleStatus; waitMs: number }>;
  /** Gives points back, or takes more (negative) whether they are there or not. */
  giveBack(key: string, points: number): Promise<ThrottleStatus>;
  /** Lets go of what the buckets are kept in. */
  close(): Promise<void>;
}

/**
 * A limiter of rate-limiter-flexible that leaks: `consumedPoints` of what it gives is what is used of the bucket then, which falls by the rate,
 * continuously. Where `consume` rejects with a RateLimiterRes it has taken nothing, and `consumedPoints` is what would have been used.
 */
export type LeakyLimiter = Pick<RateLimiterAbstract, 'consume' | 'reward'>;

/** Buckets that a limiter keeps. `close` lets go of what it keeps them in. */
export function bucketsOf(
  limiter: LeakyLimiter,
  { maximumAvailable, restoreRate }: BucketOptions,
  close: Buckets['close'] = () => Promise.resolve(),
): Buckets {
  const status = (used: number): ThrottleStatus => ({
    maximumAvailable,
    // What is used is a multiple of no binary fraction.
    currentlyAvailable: Math.max(0, Math.floor(maximumAvailable - used + 1e-6)),
    restoreRate,
  });
  return {
    async take(key, points) {
      try {
        const { consumedPoints } = await limiter.consume(key, points);
        return { status: status(consumedPoints), waitMs: 0 };
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        const { consumedPoints } = refusal;
        const missing = consumedPoints - maximumAvailable;
        return { status: status(consumedPoints - points), waitMs: Math.ceil((missing / restoreRate) * 1_000) };
      }
    },
    giveBack: async (key, points) => status((await limiter.reward(key, points)).consumedPoints),
    close,
  };
}
