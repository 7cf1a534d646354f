import type { Client } from 'graphql-ws';

/** A front end that keeps the last cursor, and goes on behind it after every reconnection. */
export interface Follower {
  /** What it was told, in the order of arrival. */
  readonly numbers: readonly number[];
  /** Resolves when it was told of this one. Rejects when the subscription ends. */
  until(number: number): Promise<void>;
  stop(): void;
}

interface Answer {
  readonly data?: { readonly ticks: { readonly number: number; readonly cursor: string } } | null;
}

/** Begins behind `after`. */
export function follow(client: Client, after: string | null = '0', operationName = 'Follow'): Follower {
  const numbers: number[] = [];
  const variables: { after: string | null } = { after };
  let watchers: { number: number; done: PromiseWithResolvers<void> }[] = [];
  const over = (reason: unknown) => {
    const error = new Error(`The subscription ended: ${JSON.stringify(reason)}`);
    for (const { done } of watchers) done.reject(error);
  };
  const query = `subscription ${operationName}($after: EventCursor) { ticks(after: $after) { number cursor text } }`;
  const stop = client.subscribe<Answer['data']>(
    { query, variables },
    {
      next: ({ data }) => {
        if (!data) return over('an event without data');
        numbers.push(data.ticks.number);
        variables.after = data.ticks.cursor;
        const met = watchers.filter(({ number }) => number <= data.ticks.number);
        watchers = watchers.filter((watcher) => !met.includes(watcher));
        for (const { done } of met) done.resolve();
      },
      error: over,
      complete: () => over('complete'),
    },
  );
  return {
    numbers,
    until: (number) => {
      if ((numbers.at(-1) ?? 0) >= number) return Promise.resolve();
      const done = Promise.withResolvers<void>();
      watchers.push({ number, done });
      return done.promise;
    },
    stop,
  };
}

/** 1, 2, 3, …, n: what everybody should have been told. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
