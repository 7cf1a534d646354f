import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse, subscribe, type ExecutionResult } from 'graphql';
import type { LocalRuntime, SubgraphRequest } from '../../src/index.ts';

const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
scalar EventCursor
type Query { topics: [String!]! }
type Subscription {
  ticks(topic: String = "any", after: EventCursor): Tick!
  ends(how: String!): Tick
}
type Tick { number: Int! cursor: EventCursor! text: String! kind: String! customer: Customer }
type Customer @key(fields: "id", resolvable: false) { id: ID! }
`;

interface Tick {
  readonly number: number;
  readonly cursor: string;
  readonly text: string;
  readonly kind: string;
  readonly customer: { readonly id: string };
}

/** A subgraph whose live field is numbered 1, 2, 3, … and can be resumed behind any number. */
export interface Feed extends LocalRuntime {
  readonly sdl: string;
  /** What was subscribed with, since the start. */
  readonly subscribed: SubgraphRequest[];
  /** How many follow now. */
  following(): number;
  /** Resolves when so many follow. */
  followed(count: number): Promise<void>;
  /** Adds events, and tells those who follow. */
  add(count?: number, text?: string): void;
  readonly last: number;
}

export function createFeed(): Feed {
  const ticks: string[] = [];
  const wakes = new Set<() => void>();
  let watchers: { count: number; done: () => void }[] = [];

  const noticed = () => {
    const met = watchers.filter(({ count }) => count === wakes.size);
    watchers = watchers.filter((watcher) => !met.includes(watcher));
    for (const { done } of met) done();
  };

  function follow({ identity }: SubgraphRequest, after: string | null | undefined): AsyncIterableIterator<{ ticks: Tick }, void> {
    let position = after === null || after === undefined ? ticks.length : Number(after);
    let asked: ((result: IteratorResult<{ ticks: Tick }, void>) => void) | undefined;
    const give = () => {
      const text = ticks[position];
      if (!asked || text === undefined) return;
      position += 1;
      const resolve = asked;
      asked = undefined;
      const tick = { number: position, cursor: String(position), text, kind: identity.kind, customer: { id: `cus_${String(position)}` } };
      resolve({ done: false, value: { ticks: tick } });
    };
    wakes.add(give);
    noticed();
    return {
      next: () =>
        new Promise((resolve) => {
          asked = resolve;
          give();
        }),
      return: () => {
        wakes.delete(give);
        noticed();
        asked?.({ done: true, value: undefined });
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async function* ends(how: string): AsyncGenerator<{ ends: Tick }> {
    yield { ends: { number: 1, cursor: '1', text: how, kind: 'NONE', customer: { id: 'cus_1' } } };
    if (how !== 'well') throw new GraphQLError('It ends like this.', { extensions: { code: how } });
  }

  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: {
      Query: { topics: () => ['any'] },
      Subscription: {
        ticks: { subscribe: (_: unknown, args: { after?: string | null }, request: SubgraphRequest) => follow(request, args.after) },
        ends: { subscribe: (_: unknown, { how }: { how: string }) => ends(how) },
      },
    } as never,
  });

  async function* run(request: SubgraphRequest): AsyncGenerator<ExecutionResult, void> {
    const results = await subscribe({
      schema,
      document: parse(request.query),
      variableValues: request.variables ?? null,
      operationName: request.operationName ?? null,
      contextValue: request,
    });
    if (!(Symbol.asyncIterator in results)) return void (yield results);
    const stop = () => void results.return(undefined);
    request.signal?.addEventListener('abort', stop);
    try {
      yield* results;
    } catch (error) {
      yield { errors: [error as GraphQLError] };
    }
  }

  const self: Feed = {
    name: 'feed',
    sdl,
    subscribed: [],
    execute: () => Promise.resolve({ data: { topics: ['any'] } }),
    subscribe(request) {
      self.subscribed.push(request);
      const leaving = new AbortController();
      const signal = request.signal ? AbortSignal.any([request.signal, leaving.signal]) : leaving.signal;
      const running = run({ ...request, signal });
      return {
        next: () => running.next(),
        return: () => {
          leaving.abort();
          return running.return();
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    health: () => Promise.resolve(true),
    following: () => wakes.size,
    followed: (count) => {
      if (wakes.size === count) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      watchers.push({ count, done: resolve });
      return promise;
    },
    add(count = 1, text = '') {
      for (let index = 0; index < count; index += 1) ticks.push(text);
      for (const wake of wakes) wake();
    },
    get last() {
      return ticks.length;
    },
  };
  return self;
}
