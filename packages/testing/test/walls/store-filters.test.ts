import { fromUuid, parseId, toUuid } from '@storegraph/core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../src/client.ts';
import { classes, domainList, tablesOf } from './catalog.ts';
import { digest } from './digest.ts';
import { everybodys, targets } from './targets.ts';
import { missing, openWorld, withoutIds, type Rows, type World } from './world.ts';

let world: World;
let rowsOfA: Rows;
let storeUuid: string;
let secrets: string[];

beforeAll(async () => {
  world = await openWorld();
  rowsOfA = await world.a.rows();
  await world.b.rows();
  await world.graph.settled();
  storeUuid = toUuid(parseId('sto', world.a.id) ?? 'sto_');
  const tables = (await tablesOf(world.graph)).filter(({ schema }) => schema in classes);
  for (const { schema, name } of tables)
    await world.graph.admin(
      `alter table ${schema}.${name} no force row level security; alter table ${schema}.${name} disable row level security`,
    );
  const ids = await Promise.all(
    tables
      .filter(({ columns }) => columns.includes('store_id') && columns.includes('id'))
      .map(({ schema, name }) => world.graph.admin<{ id: string }>(`select id from ${schema}.${name} where store_id = '${storeUuid}'`)),
  );
  // Without the kind in front: the same id shows in every kind.
  secrets = ids.flat().map(({ id }) => fromUuid('x', id).slice(2));
});

const told = (answer: unknown, question: unknown) => {
  const [shown, asked] = [JSON.stringify(answer), JSON.stringify(question)];
  return secrets.filter((secret) => shown.includes(secret) && !asked.includes(secret));
};

it('row-level security is off, and the store has rows to be told of', async () => {
  expect(secrets.length).toBeGreaterThan(20);
  expect(
    await world.graph.admin(
      `select from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relrowsecurity and n.nspname in (${domainList})`,
    ),
  ).toEqual([]);
});

describe.each(
  targets()
    .filter(({ place }) => !everybodys.has(place))
    .map((target) => [`${target.domain} ${target.place}`, target] as const),
)('%s, with row-level security off', (_, target) => {
  it("tells another store's owner nothing, and changes nothing", async () => {
    const before = await digest(world.graph, storeUuid);
    const client = world.as(target.domain, world.b.ownerIdentity);
    const [foreign, absent] = [target.operation(rowsOfA), target.operation(missing(rowsOfA))];
    const there = await client.run(foreign.query, foreign.variables);
    const nowhere = await client.run(absent.query, absent.variables);
    if (/"[a-z]{3}_[0-9a-z]{26}"/.test(JSON.stringify(foreign.variables))) expect(withoutIds(there)).toBe(withoutIds(nowhere));
    expect(told(there, foreign.variables)).toEqual([]);
    expect(await digest(world.graph, storeUuid)).toEqual(before);
  });
});

const lists: [string, string, (rows: Rows) => Record<string, unknown>][] = [
  ['customers', '{ customers(first: 100) { totalCount nodes { id email addresses { id } contactPoints { id } } } }', () => ({})],
  ['customers', 'query ($query: String) { customers(query: $query) { nodes { id } } }', () => ({ query: 'Lovelace' })],
  [
    'orders',
    '{ orders(first: 100) { totalCount nodes { id lines { id } payments { id } refunds { id } fulfillments { id } events { nodes { id } } } } }',
    () => ({}),
  ],
  ['orders', 'query ($query: String) { orders(filter: { query: $query }) { nodes { id } } }', () => ({ query: '1001' })],
  ['orders', 'query ($id: ID) { orders(filter: { customerId: $id }) { nodes { id } } }', ({ customerId }) => ({ id: customerId })],
  [
    'messaging',
    '{ conversations(first: 100) { totalCount nodes { id messages(first: 10) { nodes { id } } participants { id } } } macros { nodes { id } } }',
    () => ({}),
  ],
  ['messaging', '{ messageSearch(query: "lamp") { nodes { id } } }', () => ({})],
  ['orders', '{ refunds(first: 100) { nodes { id lines { amount { amount } } payments { payment { id } } } } }', () => ({})],
  [
    'accounts',
    '{ members(first: 100) { totalCount nodes { id user { id } role { id } } } roles { id } apiKeys { totalCount nodes { id } } }',
    () => ({}),
  ],
  [
    'accounts',
    '{ activities(first: 100) { nodes { id performer { user { id } } } } viewer { memberships { id } sessions { id } store { id } } }',
    () => ({}),
  ],
];

it.each(lists)('a list of %s has rows of its own store alone: %s', async (domain, query, variables) => {
  const given = variables(rowsOfA);
  const client: TestClient = world.as(domain, world.b.ownerIdentity);
  const answer = await client.run(query, given);
  expect(answer.errors ?? []).toEqual([]);
  expect(told(answer, given)).toEqual([]);
  // The same question shows the store's own people that there is something to be told.
  const own = await world.as(domain, world.a.ownerIdentity).run(query, given);
  expect(told(own, given).length).toBeGreaterThan(0);
});
