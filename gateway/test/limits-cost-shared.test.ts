import { testDatabase, type TestDatabase } from '@storegraph/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

/** Restores so little while a test runs that its figures are exact. */
const bucket = { maximumAvailable: 40, restoreRate: 0.001 };
const available = (points: number) => ({ ...bucket, currentlyAvailable: points });

let database: TestDatabase;
let one: FixtureGraph;
let other: FixtureGraph;
beforeAll(async () => {
  database = await testDatabase();
  const cost = { ...bucket, databaseUrl: database.loginOf('gateway'), withinMs: 60_000 };
  [one, other] = await Promise.all([fixtureGraph('memory', { cost }), fixtureGraph('memory', { cost })]);
});
afterAll(() => Promise.all([one.close(), other.close()]));

it('two gateways on one database charge one bucket, and what an answer did not need is there for both', async () => {
  const page = '{ customers { name store { name } } }';
  const rename = 'mutation { storeRename(input: { name: "New" }) { name } }';
  const ask = (index: number, query: string) => (index % 2 === 0 ? one : other).ask(query);
  expect((await ask(0, page)).body.extensions).toEqual({
    cost: { requestedQueryCost: 10, actualQueryCost: 6, throttleStatus: available(34) },
  });
  expect((await ask(1, page)).body.extensions).toMatchObject({ cost: { throttleStatus: available(28) } });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => ask(index, rename)));
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 200, 429, 429, 429, 429, 429, 429]);
  for (const index of [0, 1])
    expect((await ask(index, '{ __typename }')).body.extensions).toMatchObject({ cost: { throttleStatus: available(6) } });
});
