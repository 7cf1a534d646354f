import { expect, it } from 'vitest';
import { fixtureGraph } from './fixture/graph.ts';

const query = '{ store { name } customer(id: "cus_1") { orderCount } }';

it('a subgraph that fails again and again is left alone for a moment, and used again when a probe finds it back', async () => {
  await using closing = new AsyncDisposableStack();
  const graph = closing.adopt(await fixtureGraph('http'), (running) => running.close());
  const breaker = async () => {
    const text = await (await fetch(`${graph.gateway.url}/metrics`)).text();
    return /storegraph_gateway_breaker\{subgraph="orders"\} (\d)/.exec(text)?.[1];
  };
  expect((await graph.ask(query)).body).toEqual({ data: { store: { name: 'Demo' }, customer: { orderCount: 1 } } });
  expect(await breaker()).toBe('0');
  await graph.servers['orders']?.kill();
  for (let n = 0; n < 10; n += 1)
    expect((await graph.ask(query)).body.data).toEqual({ store: { name: 'Demo' }, customer: { orderCount: null } });
  expect(await breaker()).not.toBe('0');
  await graph.servers['orders']?.restart();
  await expect
    .poll(async () => (await graph.ask(query)).body, { timeout: 10_000, interval: 50 })
    .toEqual({ data: { store: { name: 'Demo' }, customer: { orderCount: 1 } } });
  expect(await breaker()).toBe('0');
});
