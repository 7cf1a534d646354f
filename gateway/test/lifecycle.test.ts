import { OperatorError } from '@storegraph/core';
import { GraphQLError } from 'graphql';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { compose, fixtureGraph } from './fixture/graph.ts';
import { fixtureSubgraphs } from './fixture/subgraphs.ts';

it('serves another supergraph from the next request on, and keeps the one it has when that can not be used', async () => {
  await using closing = new AsyncDisposableStack();
  const graph = closing.adopt(await fixtureGraph('memory'), (running) => running.close());
  const { accounts, customers, orders } = fixtureSubgraphs();
  const query = '{ customer(id: "cus_1") { name orderCount } }';
  expect((await graph.ask(query)).body.data).toEqual({ customer: { name: 'Name cus_1', orderCount: 1 } });

  await graph.gateway.reload(compose([accounts, customers]));
  const gone = await graph.ask(query);
  expect([gone.status, gone.body.errors?.[0]?.extensions['code']]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  expect((await graph.ask('{ customer(id: "cus_1") { name } }')).body.data).toEqual({ customer: { name: 'Name cus_1' } });

  await expect(graph.gateway.reload('type Query {')).rejects.toThrow(GraphQLError);
  await expect(
    graph.gateway.reload(compose([accounts, customers, orders, { ...orders, name: 'stranger', sdl: 'type Query { stranger: Int }' }])),
  ).rejects.toThrow(OperatorError);
  expect((await graph.ask('{ customer(id: "cus_1") { name } }')).body.data).toEqual({ customer: { name: 'Name cus_1' } });

  await graph.gateway.reload(compose([accounts, customers, orders]));
  expect((await graph.ask(query)).body.data).toEqual({ customer: { name: 'Name cus_1', orderCount: 1 } });
});

it('requests under way while the supergraph is replaced are answered', async () => {
  await using closing = new AsyncDisposableStack();
  const graph = closing.adopt(await fixtureGraph('memory'), (running) => running.close());
  const { accounts, customers, orders } = fixtureSubgraphs();
  const [whole, part] = [compose([accounts, customers, orders]), compose([accounts, customers])];
  const answers = Promise.all(Array.from({ length: 50 }, (_, index) => graph.ask(`query q${index} { customers { name store { name } } }`)));
  const reloads: Promise<void>[] = [];
  for (let index = 0; index < 4; index += 1) {
    reloads.push(graph.gateway.reload(index % 2 ? whole : part));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(reloads);
  for (const { body } of await answers) expect(body.errors).toBeUndefined();
});

it('closing lets what is under way end, takes no more, and takes seconds at most', async () => {
  const graph = await fixtureGraph('http', { deadlineMs: 10_000 });
  let answer: (value: unknown) => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    graph.customers.answer = () =>
      new Promise((settle) => {
        answer = settle;
        resolve();
      });
  });
  const underWay = graph.ask('{ customer(id: "cus_1") { name } }');
  await asked;
  const start = performance.now();
  const closed = graph.gateway.close();
  await expect(graph.ask('{ store { name } }')).rejects.toThrow();
  answer({ data: { customer: { name: 'late' } } });
  expect((await underWay).body).toEqual({ data: { customer: { name: 'late' } } });
  await closed;
  await graph.gateway.close();
  expect(performance.now() - start).toBeLessThan(4_000);
  await graph.close();
});

it('a client that holds its connection open does not hold up the close', async () => {
  const graph = await fixtureGraph('memory');
  const { Agent, request } = await import('node:http');
  const agent = new Agent({ keepAlive: true });
  await new Promise<void>((resolve, reject) => {
    request(`${graph.gateway.url}/health/live`, { agent }, (answer) => answer.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });
  const start = performance.now();
  await graph.close();
  expect(performance.now() - start).toBeLessThan(3_000);
  agent.destroy();
});

it('what stands in the way of a start is said in one line', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(fixtureGraph('memory', { port })).rejects.toThrow(
    new OperatorError(`Port ${port} on 127.0.0.1 is taken.`, 'Stop what uses it, or choose another with --port.'),
  );
  server.close();
  await expect(fixtureGraph('memory', { exchangers: ['orders'] })).rejects.toThrow(OperatorError);
  await expect(fixtureGraph('memory', { transports: {}, exchangers: [] })).rejects.toThrow(OperatorError);
});
