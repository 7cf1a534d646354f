import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@storegraph/core';
import { openDirect, startEmbedded, type Direct } from '@storegraph/database';
import { demo, ensureDemoStore, logInToDemo } from '../demo.ts';
import { domainsWithout } from '../domains.ts';
import { startGraph, type Graph, type GraphOptions } from '../graph.ts';
import type { GraphClient } from '../graphql-client.ts';

/** A graph of its own for a benchmark: an embedded server with its usual, durable settings in a folder that goes away afterwards. */
export interface Stage {
  readonly folder: string;
  readonly options: GraphOptions;
  readonly graph: Graph;
  /** The owner of the demo store, over HTTP. */
  readonly owner: GraphClient;
  /** The administrator, past every policy: the bare database that we are compared with. */
  readonly bare: Direct;
  readonly storeUuid: string;
}

export async function onStage<T>(use: (stage: Stage) => Promise<T>): Promise<T> {
  await using closing = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'storegraph-bench-'));
  closing.defer(() => rm(folder, { recursive: true, force: true }));
  // Where this process is root's, the server is another user's, who must be able to reach its own folder within.
  await chmod(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'postgres') });
  closing.defer(() => server.stop());
  const options: GraphOptions = {
    adminUrl: server.adminUrl,
    rolePrefix: 'storegraph',
    secret: 'a-benchmark-keeps-nothing-worth-a-secret',
    domains: domainsWithout([]),
    host: '127.0.0.1',
    port: 0,
    poolSize: 10,
    deadlineMs: 60_000,
    corsOrigins: [],
    introspection: true,
    log: silentLogger,
  };
  const graph = await startGraph(options);
  closing.defer(() => graph.close());
  const endpoint = `${graph.gateway.url}/graphql`;
  await ensureDemoStore(endpoint, []);
  const bare = openDirect({ url: server.adminUrl });
  closing.defer(() => bare.close());
  const [store] = await bare.query<{ id: string }>('select id from accounts.stores where slug = $1', [demo.slug]);
  if (!store) throw new Error('The demo store is missing.');
  return await use({ folder, options, graph, owner: await logInToDemo(endpoint), bare, storeUuid: store.id });
}
