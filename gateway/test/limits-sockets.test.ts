import { createClient, type Client } from 'graphql-ws';
import type { GraphQLFormattedError } from 'graphql';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { GatewayOptions } from '../src/index.ts';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

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
    expect(await ask('', { persistedQuery: { version: 1, sha256Hash: 'unknown' } })).toMatchObject(
      refusal({ code: 'PERSISTED_QUERY_NOT_FOUND' }),
    );
    writeFileSync(file, JSON.stringify({ known: '{ __typename }' }));
    graph?.gateway.reload(graph.supergraphSdl);
    expect(await ask('', { persistedQuery: { version: 1, sha256Hash: 'known' } })).toEqual({ data: { __typename: 'Query' } });
    rmSync(folder, { recursive: true });
  });
});
