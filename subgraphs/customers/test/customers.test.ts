import { readFileSync } from 'node:fs';
import { newId } from '@storegraph/core';
import { allContracts } from '@storegraph/events';
import { identity } from '@storegraph/testing';
import { expect, test } from 'vitest';
import { customers } from '../src/index.ts';
import { world } from './world.ts';

const { staff, stranger, as, storeId, create, mutate, statements, admin } = await world();

interface Page {
  customers: {
    nodes: { number: number }[];
    edges: { cursor: string }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
    totalCount: number;
  };
}
const list = async (variables: Record<string, unknown> = {}) =>
  (
    await staff.data<Page>(
      `query ($first: Int, $after: String, $query: String, $filter: CustomerFilter, $sort: CustomerSort) {
        customers(first: $first, after: $after, query: $query, filter: $filter, sort: $sort) {
          nodes { number } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } }`,
      variables,
    )
  ).customers;

/** All numbers, read in pages of `first`. */
async function walk(first: number, variables: Record<string, unknown> = {}): Promise<number[]> {
  const numbers: number[] = [];
  for (let after: string | null = null; ;) {
    const page: Page['customers'] = await list({ ...variables, first, after });
    numbers.push(...page.nodes.map(({ number }) => number));
    if (!page.pageInfo.hasNextPage) return numbers;
    after = page.pageInfo.endCursor;
  }
}

const ids: string[] = [];
for (let at = 1; at <= 25; at += 1) {
  ids.push(
    await create({
      firstName: 'Walker',
      lastName: `W${at}`,
      email: `w${at}@example.com`,
      addresses: [{ line1: `Street ${at}`, country: 'GR' }],
    }),
  );
}

/** The numbers in the order of the names W1, W10, W11 … W2, W20 … */
const byName = ids.map((_, at) => at + 1).toSorted((a, b) => (String(a) < String(b) ? -1 : 1));

test('pages follow each other without gap or repetition, in every order, whatever their size', async () => {
  const upwards = Array.from({ length: 25 }, (_, at) => at + 1);
  for (const first of [1, 7, 25, 100]) {
    expect(await walk(first)).toEqual(upwards.toReversed());
    expect(await walk(first, { sort: 'NUMBER' })).toEqual(upwards);
    expect(await walk(first, { sort: 'OLDEST' })).toEqual(upwards);
    expect((await walk(first, { sort: 'UPDATED' })).toSorted((a, b) => a - b)).toEqual(upwards);
    expect(await walk(first, { sort: 'NAME' })).toEqual(byName);
    expect((await walk(first, { query: 'walker' })).toSorted((a, b) => a - b)).toEqual(upwards);
    expect(await walk(first, { query: 'walker', sort: 'NUMBER' })).toEqual(upwards);
    expect(await walk(first, { query: 'walker', sort: 'NEWEST' })).toEqual(upwards.toReversed());
  }
});

test('a page has 25 customers unless asked otherwise, and counts all of them', async () => {
  const page = await list();
  expect([page.nodes.length, page.edges.length, page.totalCount]).toEqual([25, 25, 25]);
  expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  expect(await list({ first: 0 })).toMatchObject({ nodes: [], totalCount: 25 });
  expect(await list({ first: 2, query: 'walker' })).toMatchObject({ totalCount: 25 });
});

test('a list can be narrowed to a status', async () => {
  await mutate('customerStatusSet', { customerId: ids[2], status: 'DISABLED' });
  expect(await list({ filter: { status: ['DISABLED'] } })).toMatchObject({ nodes: [{ number: 3 }], totalCount: 1 });
  expect(await list({ filter: { status: ['DISABLED'] }, query: 'walker' })).toMatchObject({ nodes: [{ number: 3 }], totalCount: 1 });
  expect((await list({ filter: { status: ['ACTIVE'] } })).totalCount).toBe(24);
  await mutate('customerStatusSet', { customerId: ids[2], status: 'ACTIVE' });
});

test('a bad page, a foreign cursor and an order without its query are refused', async () => {
  const document =
    'query ($first: Int, $after: String, $query: String, $sort: CustomerSort) { customers(first: $first, after: $after, query: $query, sort: $sort) { nodes { id } } }';
  const cursor = (await list({ first: 1 })).pageInfo.endCursor;
  for (const variables of [
    { first: -1 },
    { first: 101 },
    { after: 'x' },
    { after: cursor, sort: 'NUMBER' },
    { after: cursor, query: 'walker' },
    { sort: 'RELEVANCE' },
  ]) {
    expect(await staff.codes(document, variables)).toEqual(['BAD_REQUEST']);
  }
});

test('a hundred customers with all that they have cost as many statements as one', async () => {
  for (let at = 26; at <= 100; at += 25) {
    await Promise.all(
      Array.from({ length: 25 }, (_, more) =>
        create({ firstName: 'More', email: `m${at + more}@example.com`, addresses: [{ line1: 'x', country: 'GR' }] }),
      ),
    );
  }
  const document = `query ($first: Int, $query: String) { customers(first: $first, query: $query) { totalCount nodes {
    id displayName email phone contactPoints { address customer { number } } addresses { line1 customer { number } }
    defaultBillingAddress { id } availableTransitions { name } } } }`;
  const count = async (variables: Record<string, unknown>) => {
    statements();
    await staff.data(document, variables);
    return statements().filter((statement) => statement.includes(' from ')).length;
  };
  for (const query of [null, 'example.com', 'm']) {
    expect(await count({ first: 100, query })).toBe(await count({ first: 1, query }));
  }
});

test('a customer is found by number, and only in the own store', async () => {
  const byNumber = 'query ($number: Int!) { customerByNumber(number: $number) { id } }';
  expect(await staff.data(byNumber, { number: 1 })).toEqual({ customerByNumber: { id: ids[0] } });
  expect(await staff.data(byNumber, { number: 100_000 })).toEqual({ customerByNumber: null });
  expect(await stranger.data(byNumber, { number: 1 })).toEqual({ customerByNumber: null });
});

const one = 'query ($id: ID!) { customer(id: $id) { id addresses { line1 } contactPoints { address } } }';
const entity =
  'query ($id: ID!) { _entities(representations: [{ __typename: "Customer", id: $id }]) { ... on Customer { id addresses { line1 } email } } }';

test('an unknown, malformed or foreign id answers as nobody', async () => {
  for (const id of [newId('cus'), newId('ord'), '', 'x'.repeat(5_000), 'cus_\u0000']) {
    expect(await staff.data(one, { id })).toEqual({ customer: null });
    expect(await staff.data(entity, { id })).toEqual({ _entities: [null] });
  }
  expect(await stranger.data(one, { id: ids[0] })).toEqual({ customer: null });
  expect(await stranger.data(entity, { id: ids[0] })).toEqual({ _entities: [null] });
  expect(
    (await stranger.data<Page>('{ customers { totalCount nodes { number } edges { cursor } pageInfo { endCursor } } }')).customers
      .totalCount,
  ).toBe(0);
  expect((await stranger.data<Page>('{ customers(query: "walker") { totalCount } }')).customers.totalCount).toBe(0);
});

test('an entity is resolved for who may read customers', async () => {
  expect(await staff.data(entity, { id: ids[0] })).toEqual({
    _entities: [{ id: ids[0], addresses: [{ line1: 'Street 1' }], email: 'w1@example.com' }],
  });
  expect(await as(identity.anonymous(storeId)).codes(entity, { id: ids[0] })).toEqual(['UNAUTHENTICATED']);
  expect(await as(identity.staff(storeId, ['orders:read'])).codes(entity, { id: ids[0] })).toEqual(['FORBIDDEN']);
});

test('customers see themselves and nobody else', async () => {
  const [id = '', other = ''] = ids;
  const self = as(identity.customer(storeId, id as `cus_${string}`));
  expect(await self.data(one, { id })).toEqual({
    customer: { id, addresses: [{ line1: 'Street 1' }], contactPoints: [{ address: 'w1@example.com' }] },
  });
  expect(await self.data(one, { id: other })).toEqual({ customer: null });
  expect(await self.data(entity, { id })).toMatchObject({ _entities: [{ id }] });
  expect(await self.data(entity, { id: other })).toEqual({ _entities: [null] });
  expect(await self.codes('{ customers { totalCount } }')).toEqual(['FORBIDDEN']);
  expect(await self.codes('{ customerByNumber(number: 1) { id } }')).toEqual(['FORBIDDEN']);
  const sameIdElsewhere = as(identity.customer(newId('sto'), id as `cus_${string}`));
  expect(await sameIdElsewhere.data(one, { id })).toEqual({ customer: null });
});

test('the domain has no word of what others keep about customers: not in its SDL, tables, events or dependencies', async () => {
  const columns = await admin<{ name: string }>(
    "select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'customers' and table_name not in ('idempotency_keys', 'handled_events')",
  );
  expect(columns.length).toBeGreaterThan(40);
  const events = allContracts.filter(({ producer }) => producer === 'customers');
  expect(events.length).toBeGreaterThan(8);
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { dependencies: object };
  const words = [
    customers.sdl,
    ...columns.map(({ name }) => name),
    ...events.flatMap(({ type, description }) => [type, description]),
    ...Object.keys(dependencies),
  ];
  expect(words.join('\n')).not.toMatch(/order|cart\b|checkout|conversation|campaign|loyalty|points?Balance|wallet/i);
});
