import { silentLogger } from '@storegraph/core';
import { readFileSync } from 'node:fs';
import { startGateway, type Gateway, type GatewayOptions, type SubgraphTransport } from '../../src/index.ts';
import type { Hostile } from './operations.ts';

export interface HostileGateway extends Gateway {
  /** How many calls have reached a subgraph. */
  fetches(): number;
  /** How many operations had to be planned. */
  plans(): Promise<number>;
}

/** The product's own supergraph, unless another is given, with the default limits, in front of subgraphs that know nothing. */
export async function hostileGateway(options: Partial<GatewayOptions> = {}): Promise<HostileGateway> {
  let fetches = 0;
  const transport = (): SubgraphTransport => ({
    execute: ({ query }) => {
      fetches += 1;
      return Promise.resolve({ data: null, errors: [{ message: query.slice(0, 0), extensions: { code: 'FORBIDDEN' } }] });
    },
    healthy: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  });
  const supergraphSdl = options.supergraphSdl ?? readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8');
  const names = [...supergraphSdl.matchAll(/@join__graph\(name: "([^"]+)"/g)].map(([, name = '']) => name);
  const gateway = await startGateway({
    supergraphSdl,
    transports: Object.fromEntries(names.map((name) => [name, transport()])),
    exchangers: 'nobody',
    host: '127.0.0.1',
    port: 0,
    introspection: true,
    // So much that nobody is throttled for what others of the table were charged.
    cost: { maximumAvailable: 20_000, restoreRate: 1_000_000 },
    deadlineMs: 10_000,
    log: silentLogger,
    ...options,
  });
  const plans = async () => {
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    const counts = metrics.matchAll(/^storegraph_gateway_planning_seconds_count.* (\d+)$/gm);
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  };
  return { ...gateway, fetches: () => fetches, plans };
}

export interface Refusal {
  readonly status: number;
  /** As `Hostile.expected` says it. */
  readonly outcome: string;
  readonly text: string;
}

/** Sends one, made different from all before by `nonce`, so that no cache answers. */
export async function send(url: string, { method = 'POST', body, headers }: Hostile, nonce = ''): Promise<Refusal> {
  const request =
    method === 'GET'
      ? {
          search: `?${new URLSearchParams(textual({ ...(body as Record<string, unknown>) }, nonce)).toString()}`,
          init: { headers: { ...headers } },
        }
      : { search: '', init: { method, headers: { 'content-type': 'application/json', ...headers }, body: asText(body, nonce) } };
  const answer = await fetch(`${url}/graphql${request.search}`, request.init);
  const text = await answer.text();
  const { errors = [] } = JSON.parse(text) as { errors?: { path?: unknown; extensions: { code: string; limit?: string } }[] };
  const whole = errors.find(({ path }) => path === undefined);
  if (!whole) return { status: answer.status, outcome: 'answered', text };
  const { code, limit } = whole.extensions;
  const status = answer.status === 400 ? [] : [String(answer.status)];
  return { status: answer.status, outcome: [...status, code, ...(limit ? [limit] : [])].join(' '), text };
}

const asText = (body: Hostile['body'], nonce: string): string => {
  if (typeof body === 'string' || Array.isArray(body)) return typeof body === 'string' ? body : JSON.stringify(body);
  return JSON.stringify(marked({ ...(body as Record<string, unknown>) }, nonce));
};

const marked = (body: Record<string, unknown>, nonce: string): Record<string, unknown> =>
  typeof body['query'] === 'string' && nonce !== '' && !('extensions' in body) ? { ...body, query: `${body['query']}\n#${nonce}` } : body;

const textual = (parameters: Record<string, unknown>, nonce: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(marked(parameters, nonce)).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
