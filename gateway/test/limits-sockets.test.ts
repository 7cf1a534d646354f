import { createClient, type Client } from 'graphql-ws';
import type { GraphQLFormattedError } from 'graphql';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { GatewayOptions } from '../src/index.ts';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';
import { liveGraph } from './subscriptions/live-graph.ts';
import { rawClient } from './subscriptions/raw.ts';

let graph: FixtureGraph | undefined;
let client: Client | undefined;
afterEach(async () => {
  await client?.dispose();
  await graph?.close();
});

async function connected(options: Partial<GatewayOptions>): Promise<FixtureGraph> {
  const started = await fixtureGraph('memory', options);
  graph = started;
  client = createClient({
    url: `${started.gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: 0,
  });
  return started;
}

/** The one answer to an operation over the socket, or the errors that refuse it. */
function ask(query: string, extensions?: Record<string, unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    client?.subscribe(
      { query, ...(extensions && { extensions }) },
      {
        next: resolve,
        error: (refused) => {
          if (Array.isArray(refused)) resolve({ errors: refused as GraphQLFormattedError[] });
          else reject(refused instanceof Error ? refused : new Error('The socket was closed.'));
        },
        complete: () => undefined,
      },
    );
  });
}

/** What an event stream that is asked for by GET gives, until it ends. */
async function streamed(parameters: Record<string, string>): Promise<string> {
  const url = `${graph?.gateway.url ?? ''}/graphql/stream?${new URLSearchParams(parameters).toString()}`;
  return (await fetch(url, { headers: { accept: 'text/event-stream' } })).text();
}

const refusal = (extensions: object) => ({ errors: [{ extensions }] });
const store = '{ store { name } }';

describe('over a WebSocket', () => {
  it('operations are charged from the bucket that requests are charged from', async () => {
    const cost = { maximumAvailable: 12, restoreRate: 0.001 };
    const { ask: request } = await connected({ cost });
    expect((await request(store)).body.extensions).toMatchObject({ cost: { throttleStatus: { currentlyAvailable: 11 } } });
    expect(await ask(store)).toEqual({
      data: { store: { name: 'Demo' } },
      extensions: { cost: { requestedQueryCost: 1, actualQueryCost: 1, throttleStatus: { ...cost, currentlyAvailable: 10 } } },
    });
    const rename = 'mutation { storeRename(input: { name: "New" }) { name } }';
    expect(await ask(rename)).toMatchObject(refusal({ code: 'THROTTLED', cost: { requestedQueryCost: 11 } }));
    expect(await ask('{ customers { name store { name } orders { number } } }')).toMatchObject(refusal({ code: 'MAX_COST_EXCEEDED' }));
  });

  it('limits hold, and what is not persisted is refused where only that is served', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'persisted-'));
    const file = join(folder, 'manifest.json');
    writeFileSync(file, JSON.stringify({ known: store }));
    await connected({ persistedOperations: { file, mode: 'only' }, limits: { depth: 1 } });
    expect(await ask('', { persistedQuery: { version: 1, sha256Hash: 'known' } })).toMatchObject(
      refusal({ code: 'BAD_REQUEST', limit: 'depth' }),
    );
    expect(await ask('{ viewer { kind } }')).toMatchObject(refusal({ code: 'PERSISTED_QUERY_ONLY' }));
    expect(await streamed({ query: '{ viewer { kind } }' })).toContain('PERSISTED_QUERY_ONLY');
    expect(await streamed({ query: store.replace(' ', '  ') })).toContain('PERSISTED_QUERY_ONLY');
    expect(await ask('', { persistedQuery: { version: 1, sha256Hash: 'unknown' } })).toMatchObject(
      refusal({ code: 'PERSISTED_QUERY_NOT_FOUND' }),
    );
    writeFileSync(file, JSON.stringify({ known: '{ __typename }' }));
    await graph?.gateway.reload(graph.supergraphSdl);
    expect(await ask('', { persistedQuery: { version: 1, sha256Hash: 'known' } })).toEqual({ data: { __typename: 'Query' } });
    const known = { extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: 'known' } }) };
    expect(await streamed(known)).toContain('data: {"data":{"__typename":"Query"}}');
    rmSync(folder, { recursive: true });
  });

  it('a hash that a client would register is not known, so that it sends the text', async () => {
    await connected({});
    const persistedQuery = { version: 1, sha256Hash: 'a'.repeat(64) };
    expect(await ask('', { persistedQuery })).toMatchObject(refusal({ code: 'PERSISTED_QUERY_NOT_FOUND' }));
  });

  it('to begin a subscription is charged each time, and its events are not', async () => {
    await using closing = new AsyncDisposableStack();
    const cost = { maximumAvailable: 2, restoreRate: 0.001 };
    const live = closing.adopt(await liveGraph('memory', { cost }), (running) => running.close());
    const raw = await rawClient(live.socketUrl);
    await raw.init();
    for (const id of ['a', 'b']) {
      raw.subscribe(id, 'subscription { ticks { number } }');
      await live.feed.followed(1);
      live.feed.add(5);
      for (let count = 0; count < 5; count += 1) expect(await raw.hear()).toMatchObject({ id, type: 'next' });
      raw.say({ id, type: 'complete' });
      await live.feed.followed(0);
    }
    raw.subscribe('c', 'subscription { ticks { number } }');
    expect(await raw.hear()).toMatchObject({ id: 'c', type: 'error', payload: [{ extensions: { code: 'THROTTLED' } }] });
    expect(live.feed.subscribed).toHaveLength(2);
  });

  it('what is given up is charged as it was requested', async () => {
    const { accounts } = await connected({ cost: { maximumAvailable: 10, restoreRate: 0.001 } });
    const begun = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    accounts.answer = ({ signal }) => {
      begun.resolve();
      return new Promise((resolve) => {
        signal?.addEventListener('abort', () => {
          aborted.resolve();
          resolve({ data: null });
        });
      });
    };
    const leave = client?.subscribe({ query: store }, { next: () => undefined, error: () => undefined, complete: () => undefined });
    await begun.promise;
    leave?.();
    await aborted.promise;
    accounts.answer = undefined;
    expect(await ask(store)).toMatchObject({ extensions: { cost: { throttleStatus: { currentlyAvailable: 8 } } } });
  });
});
