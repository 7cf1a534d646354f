import type { Client } from '@storegraph/client';

interface Told {
  readonly ticks: { readonly number: number; readonly cursor: string };
}

/** A front end of `packages/client`: what it was told, in the order of arrival. */
export interface FrontEnd {
  readonly numbers: readonly number[];
  /** Resolves when it was told of this one. Rejects when the stream ends. */
  until(number: number): Promise<void>;
}

export function frontEnd(client: Client): FrontEnd {
  const numbers: number[] = [];
  let wanted = { number: 0, done: Promise.withResolvers<void>() };
  const listen = async (): Promise<never> => {
    const query = 'subscription ($after: EventCursor) { ticks(after: $after) { number cursor } }';
    for await (const { data } of client.subscribe<Told>({ query, variables: { after: '0' } })) {
      if (!data) break;
      numbers.push(data.ticks.number);
      if (data.ticks.number >= wanted.number) wanted.done.resolve();
    }
    throw new Error('The stream ended');
  };
  const over = listen();
  over.catch(() => undefined);
  return {
    numbers,
    until(number) {
      if ((numbers.at(-1) ?? 0) >= number) return Promise.resolve();
      wanted = { number, done: Promise.withResolvers<void>() };
      return Promise.race([wanted.done.promise, over]);
    },
  };
}
