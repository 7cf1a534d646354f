import type { Logger } from '@storegraph/core';
import type { BucketOptions, Buckets } from './bucket.ts';
import { memoryBuckets } from './memory.ts';

export interface CostOptions extends BucketOptions {
  /** A database that keeps the buckets for every gateway that names it. Without it each gateway has buckets of its own. */
  readonly databaseUrl?: string | undefined;
  /** How many milliseconds that may take, 500 without it; see `sharedBuckets`. */
  readonly withinMs?: number;
}

export async function openBuckets({ databaseUrl, ...options }: CostOptions, log: Logger): Promise<Buckets> {
  if (databaseUrl === undefined) return memoryBuckets(options);
  // Who does not share them has no use for the driver.
  const { sharedBuckets } = await import('./postgres.ts');
  return sharedBuckets({ ...options, databaseUrl, log });
}
