import { silentLogger, type LogFields } from '@storegraph/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph, type Mode } from '../fixture/graph.ts';

const query = '{ store { name } customer(id: "cus_1") { name orderCount } }';
const sent = 100_000;
/** What is taken of the errors of one answer. */
const taken = 1_000;
/** What is logged of them one by one. */
const few = (fields: object) => Array.from({ length: 5 }, () => fields);

describe.each<Mode>(['memory', 'http'])('a subgraph that sends 100,000 errors, over %s', (mode) => {
  let graph: FixtureGraph;
  let logged: LogFields[];
  beforeAll(async () => {
    const log = { ...silentLogger, error: (fields: LogFields) => void logged.push(fields) };
    graph = await fixtureGraph(mode, { log });
  });
  beforeEach(() => {
    logged = [];
  });
  afterAll(() => graph.close());

  const orders = (error: (index: number) => object, data: object | null = { _entities: [{ __typename: 'Customer', orderCount: 1 }] }) => {
    graph.orders.answer = () => Promise.resolve({ data, errors: Array.from({ length: sent }, (_, index) => error(index)) });
  };

  it('is quoted a thousand times, in order, and its data and those of the others stand', async () => {
    orders((index) => ({ message: `no ${index}`, path: ['_entities', 0, 'orderCount'], extensions: { code: 'FORBIDDEN' } }));
    const { status, body } = await graph.ask(query);
    expect([status, body.data]).toEqual([200, { store: { name: 'Demo' }, customer: { name: 'Name cus_1', orderCount: 1 } }]);
    expect(body.errors?.map(({ message, path, extensions: { code } }) => `${message} ${path?.join('.')} ${String(code)}`)).toEqual(
      Array.from({ length: taken }, (_, index) => `no ${index} customer.orderCount FORBIDDEN`),
    );
  });

  it('fills neither the answer nor the log with what clients may not see', async () => {
    orders(() => ({ message: 'relation "orders.secret" does not exist', extensions: { sql: 'select 1' } }), null);
    const { body } = await graph.ask(query);
    expect(body.data).toEqual({ store: { name: 'Demo' }, customer: { name: 'Name cus_1', orderCount: null } });
    expect(body.errors).toHaveLength(taken);
    expect(JSON.stringify(body.errors)).not.toMatch(/secret|sql/);
    // Once where they came in, and once where they are told.
    const requestId = body.errors?.[0]?.extensions['requestId'];
    const origin = { subgraph: 'orders', requestId };
    const told = { code: 'INTERNAL', requestId };
    expect(logged.map(({ error: _, ...fields }) => fields)).toEqual([
      ...few(origin),
      { ...origin, count: taken - 5 },
      ...few(told),
      { ...told, count: taken - 5 },
    ]);
    expect(logged.filter(({ error }) => error instanceof Error)).toHaveLength(5);
  });

  it('is asked again with the next request, and answers', async () => {
    graph.orders.answer = undefined;
    expect((await graph.ask(query)).body).toEqual({
      data: { store: { name: 'Demo' }, customer: { name: 'Name cus_1', orderCount: 1 } },
    });
  });
});
