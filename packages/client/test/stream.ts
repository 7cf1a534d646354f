import { onTestFinished } from 'vitest';
import { createClient, type Client, type ClientOptions, type Feed } from '../src/index.ts';
import { startNumbers, type Numbers, type NumbersData } from './numbers.ts';

/** A feed server of this test's own. */
export async function numbersServer(): Promise<Numbers> {
  const numbers = await startNumbers();
  onTestFinished(() => numbers.stop());
  return numbers;
}

/** A client that waits next to nothing before it tries again, and ends with the test. */
export function clientOf(url: string, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url, backoff: { first: 1, most: 4 }, ...options });
  onTestFinished(() => client.dispose());
  return client;
}

/** The next so many numbers of the feed. */
export async function take(feed: Feed<NumbersData>, count: number): Promise<number[]> {
  const taken: number[] = [];
  while (taken.length < count) {
    const next = await feed.next();
    if (next.done === true) throw new Error(`The feed ended behind ${taken.join(', ')}`);
    taken.push(next.value.data?.numbers.number ?? NaN);
  }
  return taken;
}

export const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);
