import { randomBytes } from 'node:crypto';
import { createSealer, type Identity } from '@storegraph/auth';
import { newId, silentLogger } from '@storegraph/core';
import { createRuntime, PublicError, type Context, type SubgraphRuntime } from '@storegraph/subgraph';
import { identity, testDatabase } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { afterAll, describe, expect, it } from 'vitest';
import { define } from './define.ts';

const sdl = `
  extend type Query { open: String @access(permission: "public") }
  extend type Subscription {
    ticks(upTo: Int!): Int @access(permission: "orders:read", also: ["CUSTOMER"])
    whose: String @access(permission: "public")
    broken(how: String!): Int @access(permission: "public")
    silent: Int @access(permission: "public")
  }`;

let returned = 0;
/** Never gives anything, and counts those that gave up waiting for it. */
function silence(): AsyncIterableIterator<number> {
  const waiting = Promise.withResolvers<IteratorResult<number>>();
  return {
    next: () => waiting.promise,
    return: () => {
      returned += 1;
      waiting.resolve({ done: true, value: undefined });
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* upTo(last: number) {
  for (let tick = 1; tick <= last; tick += 1) yield await Promise.resolve(tick);
}

async function* breaking(how: string) {
  yield await Promise.resolve(1);
  throw how === 'coded' ? new PublicError('RESYNC', 'Begin again.') : new Error('canary-7f3a');
}

const { pool } = await testDatabase({ poolSize: 1 });
const ctxs: Context[] = [];
const definition = define(sdl, {
  Query: { open: () => 'yes' },
  Subscription: {
    ticks: {
      subscribe: (_: unknown, args: { upTo: number }) => upTo(args.upTo),
      resolve: (tick: number, _: unknown, ctx: Context) => (ctxs.push(ctx), tick * 10),
    },
    whose: { subscribe: () => upTo(1), resolve: (_: unknown, __: unknown, ctx: Context) => `${ctx.identity.kind} ${ctx.hub(hubOf).name}` },
    broken: { subscribe: (_: unknown, { how }: { how: string }) => breaking(how), resolve: (tick: number) => tick },
    silent: { subscribe: () => silence() },
  },
});
let hubs = 0;
const hubOf = () => ({ name: `hub ${String((hubs += 1))}` });

const fresh = (): SubgraphRuntime => {
  const made = createRuntime(definition, { pool, log: silentLogger, sealer: createSealer({ keys: [{ id: 'k1', key: randomBytes(32) }] }) });
  afterAll(() => made.close());
  return made;
};
const runtime = fresh();
const agent = identity.staff(newId('sto'), ['orders:read']);
const open = (query: string, who: Identity = agent, signal?: AbortSignal) =>
  runtime.subscribe({ query, identity: who, requestId: 'req-1', ...(signal ? { signal } : {}) });

async function all(query: string, who?: Identity): Promise<unknown[]> {
  const answers: unknown[] = [];
  for await (const answer of open(query, who)) answers.push(JSON.parse(JSON.stringify(answer)));
  return answers;
}
const codesOf = (answers: unknown[]) => [...JSON.stringify(answers).matchAll(/"code":"(\w+)"/g)].map(([, code]) => code);

describe('a subscription', () => {
  it('gives an answer for each event in order, each in a context of its own', async () => {
    expect(await all('subscription { ticks(upTo: 3) }')).toEqual([10, 20, 30].map((ticks) => ({ data: { ticks } })));
    expect(new Set(ctxs.splice(0)).size).toBe(3);
  });

  it('runs as whoever asked, and shares its hub with the others of the process', async () => {
    expect(await all('subscription { whose }', identity.customer(newId('sto')))).toEqual([{ data: { whose: 'CUSTOMER hub 1' } }]);
    expect(await all('subscription { whose }')).toEqual([{ data: { whose: 'STAFF hub 1' } }]);
  });

  it('is refused, before anything is subscribed to, for whoever may not', async () => {
    expect(codesOf(await all('subscription { ticks(upTo: 1) }', identity.anonymous()))).toEqual(['UNAUTHENTICATED']);
    expect(codesOf(await all('subscription { ticks(upTo: 1) }', identity.staff(newId('sto'), [])))).toEqual(['FORBIDDEN']);
    expect((await all('subscription { ticks(upTo: 1) }', identity.customer(newId('sto')))).length).toBe(1);
  });

  it('ends with the code of what ended it, and shows nothing of a failure', async () => {
    const [, coded] = await all('subscription { broken(how: "coded") }');
    expect(coded).toEqual({ errors: [{ message: 'Begin again.', extensions: { code: 'RESYNC' } }] });
    const failed = await all('subscription { broken(how: "badly") }');
    expect(codesOf(failed)).toEqual(['INTERNAL']);
    expect(JSON.stringify(failed)).not.toContain('canary');
  });

  it('is refused with BAD_REQUEST where it is none, or two', async () => {
    for (const query of ['{ open }', 'subscription { nonsense }', 'subscription { whose silent }', 'subscription {'])
      expect(codesOf(await all(query)), query).toEqual(['BAD_REQUEST']);
    const answer = await runtime.execute({ query: 'subscription { whose }', identity: agent, requestId: 'req-1' });
    expect(codesOf([answer])).toEqual(['BAD_REQUEST']);
  });

  it('ends with its signal, or when it is returned, though no event comes, and holds no connection meanwhile', async () => {
    returned = 0;
    const controller = new AbortController();
    const aborted = open('subscription { silent }', agent, controller.signal).next();
    const left = open('subscription { silent }');
    const waiting = left.next();
    // The only connection of the pool is free.
    await pool.sweep('orders', (tx) => tx.execute(sql`select 1`));
    controller.abort();
    expect(await aborted).toEqual({ done: true, value: undefined });
    await left.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(returned).toBeGreaterThanOrEqual(2);
  });

  it('is told when the process closes, and no other begins', async () => {
    const closing = fresh();
    const request = { query: 'subscription { silent }', identity: agent, requestId: 'req-1' };
    const running = closing.subscribe(request);
    const waiting = running.next();
    await closing.close();
    expect(codesOf([(await waiting).value])).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(codesOf([(await closing.subscribe(request).next()).value])).toEqual(['SUBGRAPH_UNAVAILABLE']);
  });
});

describe('a subgraph can’t start', () => {
  const rest = { Query: { open: () => 'yes' } };
  const start = (field: string, resolver: unknown) => () =>
    define(`extend type Query { open: String @access(permission: "public") } extend type Subscription { ${field} }`, {
      ...rest,
      ...(resolver === undefined ? {} : { Subscription: { live: resolver } }),
    });

  it('with a field of Subscription without @access, without a resolver, or with one that subscribes to nothing', () => {
    expect(start('live: Int', { subscribe: () => upTo(1) })).toThrow('Subscription.live: a root field needs @access.');
    expect(start('live: Int @access(permission: "public")', undefined)).toThrow('Subscription.live: has no resolver.');
    expect(start('live: Int @access(permission: "public")', () => 1)).toThrow('Subscription.live: needs a resolver { subscribe }.');
  });
});
