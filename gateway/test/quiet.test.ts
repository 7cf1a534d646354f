import { Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { fixtureGraph } from './fixture/graph.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('connects to nobody but its subgraphs, even where the environment asks Apollo to report', async () => {
  vi.stubEnv('APOLLO_KEY', 'service:storegraph:0123456789');
  vi.stubEnv('APOLLO_GRAPH_REF', 'storegraph@current');
  vi.stubEnv('APOLLO_SCHEMA_REPORTING', 'true');
  const connect = vi.spyOn(Socket.prototype, 'connect');
  const graph = await fixtureGraph('memory');
  await graph.ask('{ store { name } }');
  await (await fetch(`${graph.gateway.url}/graphql`, { headers: { accept: 'text/html' } })).text();
  await graph.close();
  const to = connect.mock.calls.map((given) => JSON.stringify(given));
  expect(to.length).toBeGreaterThan(0);
  for (const each of to) expect(each).toMatch(/localhost|127\.0\.0\.1|::1/);
});
