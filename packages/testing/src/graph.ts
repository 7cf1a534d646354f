import { domainsWithout, startGraph, startSplit, type GraphOptions } from '@storegraph/cli';
import { environment, silentLogger, type Clock, type Logger } from '@storegraph/core';
import { atEnd } from './at-end.ts';
import { httpClient, type TestClient } from './client.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { deploymentSecret, rolePrefix } from './deployment.ts';

/** The two ways to run the same code. Every whole-graph scenario passes in both. */
export type RunMode = 'all in one' | 'split';

export { acceptInvitation, seedPlatformStaff, seedStore, type SeededOrder, type SeededShopper, type SeededStore } from './seed.ts';

export interface GraphHarness extends TestDatabase {
  readonly mode: RunMode;
  readonly url: string;
  /** A client over HTTP, as a front end is one; without a token, an anonymous visitor. */
  client(token?: string, headers?: Record<string, string>): TestClient;
  /** The subgraphs asked since the last call, in order. Only where everything runs in this process. */
  fetches(): string[];
  /** Waits until every event so far has been handled. Only where everything runs in this process. */
  settled(): Promise<void>;
  /** The process that serves a subgraph, or the gateway. Only in split mode. */
  processOf(name: string): number;
  /** Ends the graph before the test file does. */
  stop(): Promise<void>;
}

interface Options {
  readonly mode?: RunMode;
  readonly without?: readonly string[];
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly deadlineMs?: number;
  readonly poolSize?: number;
  readonly introspection?: boolean;
}

/** The whole graph behind its gateway, on a database of its own, over HTTP. */
export async function graphHarness(options: Options = {}): Promise<GraphHarness> {
  const { mode = 'all in one', log = silentLogger, poolSize = 10 } = options;
  const database = await testDatabase({ poolSize: 2, log });
  let fetches: string[] = [];
  let statements: string[] = [];
  const graph: GraphOptions = {
    adminUrl: database.adminUrl,
    rolePrefix,
    secret: deploymentSecret,
    domains: domainsWithout(options.without ?? []),
    host: '127.0.0.1',
    port: 0,
    poolSize,
    deadlineMs: options.deadlineMs ?? 2_000,
    corsOrigins: [],
    introspection: options.introspection ?? true,
    // Starts faster. Where the gateway is a process of its own it has a thread to plan in.
    limits: { planningMs: Number.POSITIVE_INFINITY },
    log,
    ...(options.clock ? { clock: options.clock } : {}),
    onFetch: (subgraph) => void fetches.push(subgraph),
    onStatement: (statement) => void statements.push(statement),
  };
  const running = mode === 'split' ? await split(graph) : await allInOne(graph);
  atEnd(running.stop);
  return {
    ...database,
    mode,
    ...running,
    client: (token, headers = {}) =>
      httpClient(`${running.url}/graphql`, { ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) }),
    fetches: () => {
      const taken = fetches;
      fetches = [];
      return taken;
    },
    statements: () => {
      const taken = statements;
      statements = [];
      return taken;
    },
  };
}

async function allInOne(options: GraphOptions) {
  const graph = await startGraph(options);
  return {
    url: graph.gateway.url,
    settled: () => graph.dispatcher.idle(),
    processOf: () => process.pid,
    stop: () => graph.close(),
  };
}

async function split(options: GraphOptions) {
  const settings = environment({
    NODE_ENV: 'test',
    STOREGRAPH_LOG_LEVEL: 'silent',
    STOREGRAPH_POOL_SIZE: String(options.poolSize),
    STOREGRAPH_DEADLINE_MS: String(options.deadlineMs),
    // As in one process, where nothing of it is set.
    STOREGRAPH_COST_MAXIMUM: '0',
  });
  const graph = await startSplit({ settings, secret: options.secret, log: options.log }, options);
  return {
    url: graph.url,
    settled: () => Promise.reject(new Error('Only known where everything runs in one process.')),
    processOf: (name: string) => {
      const pid = graph.processes.find((process) => process.name === name)?.pid();
      if (pid === undefined) throw new Error(`No process ${name} is running.`);
      return pid;
    },
    stop: () => graph.stop(),
  };
}
