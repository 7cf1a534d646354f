import { randomBytes } from 'node:crypto';
import { createHopSigner, createHopVerifier, createSealer, generateHopKeys } from '@storegraph/auth';
import { newId, silentLogger } from '@storegraph/core';
import { openPool } from '@storegraph/database';
import { createRuntime, serveSubgraph } from '@storegraph/subgraph';
import { identity, rolePrefix } from '@storegraph/testing';
import { expect, it } from 'vitest';
import { fixtureHarness } from './fixture/runtime.ts';
import { fixture } from './fixture/subgraph.ts';

const sealer = createSealer({ keys: [{ id: 'k1', key: randomBytes(32) }] });
const { pool } = await fixtureHarness();
const request = (query: string) => ({ query, identity: identity.anonymous(), requestId: 'req-1' });
const fresh = (graceMs?: number) =>
  createRuntime(fixture, { pool, log: silentLogger, sealer, ...(graceMs === undefined ? {} : { graceMs }) });

it('closing waits for what runs and takes nothing new', async () => {
  const runtime = fresh();
  const running = runtime.execute(request('{ sleep(ms: 150) }'));
  const closed = runtime.close();
  expect(await runtime.health()).toBe(false);
  expect((await runtime.execute(request('{ open }'))).errors?.[0]?.extensions).toEqual({
    code: 'SUBGRAPH_UNAVAILABLE',
    requestId: 'req-1',
  });
  expect((await running).data).toEqual({ sleep: 150 });
  await closed;
});

it('closing waits no longer than it may', async () => {
  const runtime = fresh(100);
  const running = runtime.execute(request('{ sleep(ms: 60000) }'));
  const startedAt = performance.now();
  await runtime.close();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect((await running).errors?.[0]?.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
});

it('a server that closes answers what it has begun, over connections that are kept alive', async () => {
  const keys = await generateHopKeys();
  const runtime = fresh();
  const server = await serveSubgraph(runtime, {
    port: 0,
    host: '127.0.0.1',
    hopVerifier: createHopVerifier({ ...keys, audience: 'orders' }),
    log: silentLogger,
  });
  const authorization = `Bearer ${await createHopSigner(keys).sign(identity.anonymous(), 'orders')}`;
  const post = (query: string) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query }),
    });
  await (await post('{ open }')).json();
  const running = post('{ sleep(ms: 200) }');
  // Once it is counted, the request has arrived.
  const slow = post('{ open }');
  await (await slow).json();
  const closed = server.close();
  expect(await (await running).json()).toEqual({ data: { sleep: 200 } });
  await closed;
  await expect(post('{ open }')).rejects.toThrow();
});

it('without its database it is alive, not ready, and says that it is unavailable', async () => {
  const nowhere = openPool({ url: 'postgres://nobody:x@127.0.0.1:1/none', prefix: rolePrefix, max: 2, acquireTimeoutMs: 500 });
  const runtime = createRuntime(fixture, { pool: nowhere, log: silentLogger, sealer });
  expect(await runtime.health()).toBe(false);
  const answer = await runtime.execute({ query: '{ notes { id } }', identity: identity.system(newId('sto')), requestId: 'req-1' });
  expect(answer.errors?.map((error) => error.extensions?.['code'])).toEqual(['SUBGRAPH_UNAVAILABLE']);
  expect((await runtime.execute(request('{ open }'))).data).toEqual({ open: 'yes' });
  await runtime.close();
  await nowhere.close();
});
