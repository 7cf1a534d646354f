import { randomUUID } from 'node:crypto';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { traceTo } from '@storegraph/cli';
import { createLogger } from '@storegraph/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../../src/at-end.ts';
import type { TestClient } from '../../src/client.ts';
import { graphHarness, type GraphHarness } from '../../src/graph.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const lines: string[] = [];
const log = createLogger({ level: 'debug', stream: { write: (line: string) => void lines.push(line) } });

/** Secrets, and what people wrote or are called: each by what it is. */
const canaries: Record<string, string> = {
  password: `canary-password-${randomUUID()}`,
  'wrong password': `canary-wrong-${randomUUID()}`,
  'forged token': `canary-forged-${randomUUID()}`,
  'user’s address': `canary-user-${randomUUID()}@example.com`,
  'customer’s address': `canary-customer-${randomUUID()}@example.com`,
  'customer’s name': `Canaryname${randomUUID().slice(0, 8)}`,
  'customer’s street': `Canarystreet ${randomUUID()}`,
  'customer’s note': `canary-note-${randomUUID()}`,
  'staff’s note': `canary-staff-note-${randomUUID()}`,
};

let graph: GraphHarness;
/** Everything that a client was told of errors. */
const errors: string[] = [];

beforeAll(async () => {
  atEnd(traceTo(provider));
  graph = await graphHarness({ log });
});

/** Asks, whatever comes of it, and keeps what it was told of errors. */
async function ask(client: TestClient, query: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const answer = await client.run(query, variables);
  const refusals = [...JSON.stringify(answer.data ?? {}).matchAll(/"userErrors":(\[.*?\])/g)].map(([, found]) => found ?? '');
  errors.push(JSON.stringify(answer.errors ?? []), ...refusals);
  return answer.data ?? {};
}

const mutate = async (client: TestClient, name: string, input: object, selection: string) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { result: ${name}(input: $input) { ${selection} userErrors { code field message } } }`;
  const { result } = (await ask(client, query, { input })) as { result: Record<string, Record<string, unknown>> | null | undefined };
  return result ?? {};
};

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error('The graph gave no text');
  return value;
};

/** A day in the life of a store: what goes well, what is refused, and what breaks. */
async function live(): Promise<void> {
  const visitor = graph.client();
  const credentials = { email: canaries['user’s address'], password: canaries['password'] };
  await mutate(visitor, 'userSignUp', credentials, 'accepted');
  await mutate(visitor, 'userSignUp', credentials, 'accepted');
  await mutate(visitor, 'sessionCreate', { ...credentials, password: canaries['wrong password'] }, 'session { accessToken }');
  await mutate(visitor, 'sessionCreate', { ...credentials, email: canaries['password'] }, 'session { accessToken }');
  const { session } = await mutate(visitor, 'sessionCreate', credentials, 'session { id accessToken refreshToken }');
  canaries['access token of a newcomer'] = text(session?.['accessToken']);
  canaries['refresh token'] = text(session?.['refreshToken']);
  const newcomer = graph.client(canaries['access token of a newcomer']);
  const slug = `shop-${randomUUID().slice(0, 8)}`;
  const { store } = await mutate(newcomer, 'storeCreate', { slug, name: 'Shop', currency: 'EUR' }, 'store { id }');
  const switched = await mutate(newcomer, 'sessionSwitchStore', { storeId: store?.['id'] }, 'session { accessToken }');
  canaries['access token'] = text(switched['session']?.['accessToken']);
  const owner = graph.client(canaries['access token']);
  const refreshed = await mutate(visitor, 'sessionRefresh', { refreshToken: canaries['refresh token'] }, 'session { refreshToken }');
  canaries['next refresh token'] = text(refreshed['session']?.['refreshToken']);
  const key = await mutate(owner, 'apiKeyCreate', { name: 'App', permissions: ['customers:read', 'orders:read'] }, 'secret');
  canaries['API key'] = text(key['secret']);
  await ask(graph.client(canaries['API key']), '{ customers { nodes { id } } viewer { permissions } }');
  await ask(graph.client(canaries['API key']), 'mutation ($input: OrderNoteSetInput!) { orderNoteSet(input: $input) { order { id } } }', {
    input: { orderId: 'nonsense', note: canaries['staff’s note'] },
  });
  for (const token of [
    canaries['forged token'],
    `sk_${canaries['forged token']}`,
    `${canaries['access token']}x`,
    `${canaries['API key']}x`,
  ])
    await ask(graph.client(token), '{ viewer { permissions } }');

  const person = { firstName: canaries['customer’s name'], email: canaries['customer’s address'] };
  const addresses = [{ line1: canaries['customer’s street'], country: 'GB' }];
  const { customer } = await mutate(owner, 'customerCreate', { ...person, addresses }, 'customer { id }');
  await mutate(owner, 'customerCreate', { ...person, addresses }, 'customer { id }');
  await mutate(
    owner,
    'customerCreate',
    { ...person, email: `${canaries['customer’s address']} and more`, country: 'nowhere' },
    'customer { id }',
  );
  await ask(owner, 'query ($query: String) { customers(query: $query) { nodes { displayName email } } }', {
    query: canaries['customer’s address'],
  });
  const notes = { note: canaries['staff’s note'], customerNote: canaries['customer’s note'] };
  const contact = { name: canaries['customer’s name'], email: canaries['customer’s address'] };
  const placed = { lines: [{ name: 'Lantern', quantity: 1, unitPrice: 1000 }], customerId: customer?.['id'], contact, ...notes };
  const { order } = await mutate(owner, 'orderCreate', { ...placed, idempotencyKey: randomUUID() }, 'order { id }');
  await mutate(owner, 'orderNoteSet', { orderId: order?.['id'], note: canaries['staff’s note'] }, 'order { id }');

  await malformedRequests(owner);
  await breakTheDatabase(owner, { ...placed, idempotencyKey: randomUUID() }, text(order?.['id']));
  await mutate(visitor, 'sessionRefresh', { refreshToken: canaries['forged token'] }, 'session { refreshToken }');
  await graph.settled();
}

/** Requests that the parser, the validation and the coercion of variables refuse, with a secret where each would quote it. */
async function malformedRequests(owner: TestClient): Promise<void> {
  const secret = canaries['password'];
  const logIn = 'mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { session { id } } }';
  for (const query of [
    `{ viewer "${secret}" }`,
    `mutation { sessionCreate(input: { email: "x", password: "${secret}", nonsense: 1 }) { session { id } } }`,
    `mutation { sessionCreate(input: { email: "x", password: ["${secret}"] }) { session { id } } }`,
    `mutation { orderCancel(input: { orderId: "x", reason: "${secret}", idempotencyKey: "x" }) { order { id } } }`,
    `{ customers(first: "${secret}") { nodes { id } } }`,
    `{ customer(id: "${secret}") { id } order(id: "${secret}") { id } }`,
  ])
    await ask(owner, query);
  for (const input of [{ email: 'x', password: { secret } }, { email: 'x', password: 'y', nonsense: secret }, secret])
    await ask(owner, logIn, { input });
  const reason = 'mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { id } } }';
  await ask(owner, reason, { input: { orderId: 'x', reason: secret, idempotencyKey: secret } });
  const get = await fetch(`${graph.url}/graphql?query=${encodeURIComponent('{ viewer { permissions } }')}&token=${secret}`);
  errors.push(await get.text());
}

/** Errors of the database that quote what the statement held: of a trigger, of a check, of a table that is gone. */
async function breakTheDatabase(owner: TestClient, order: object, orderId: string): Promise<void> {
  await graph.admin(`create function orders.break() returns trigger language plpgsql as
    $$ begin raise exception 'broken by % % %', new.note, new.contact_email, new.customer_note; end $$`);
  await graph.admin('grant execute on function orders.break() to public');
  await graph.admin('create trigger break before insert or update on orders.orders for each row execute function orders.break()');
  await mutate(owner, 'orderCreate', order, 'order { id }');
  await mutate(owner, 'orderNoteSet', { orderId, note: canaries['staff’s note'] }, 'order { id }');
  await graph.admin('drop trigger break on orders.orders');
  await graph.admin(`alter table customers.customers add constraint broken check (first_name not like 'Canary%') not valid`);
  const person = { firstName: canaries['customer’s name'], email: `other-${canaries['customer’s address']}` };
  await mutate(owner, 'customerCreate', person, 'customer { id }');
  await graph.admin('alter table customers.contact_points rename to elsewhere');
  await mutate(owner, 'customerCreate', person, 'customer { id }');
  await graph.admin('alter table customers.elsewhere rename to contact_points');
}

const told = (texts: readonly string[]) =>
  Object.entries(canaries).flatMap(([what, value]) =>
    texts.filter((line) => line.includes(value)).map((line) => `${what}: ${line.slice(0, 300)}`),
  );
const rowsOf = async (statement: string) => (await graph.admin<{ line: string }>(statement)).map(({ line }) => line);

describe('after a day of success, refusals and failures at log level debug', () => {
  beforeAll(async () => {
    for (const [what, url] of [
      ['database URL', graph.url.includes('@') ? graph.url : ''],
      ['administrator’s URL', graph.adminUrl],
    ] as const)
      if (url) canaries[what] = url;
    canaries['database password'] = new URL(graph.loginOf('all')).password;
    await live();
  });

  it('the day had its failures, and the lists are not empty', async () => {
    const codes = new Set(errors.flatMap((line) => [...line.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code)));
    for (const code of [
      'INTERNAL',
      'FORBIDDEN',
      'UNAUTHENTICATED',
      'BAD_REQUEST',
      'INVALID_CREDENTIALS',
      'INVALID_REFRESH_TOKEN',
      'INVALID',
    ])
      expect([...codes]).toContain(code);
    expect(lines.filter((line) => line.includes('"level":50')).length).toBeGreaterThanOrEqual(4);
    expect(exporter.getFinishedSpans().length).toBeGreaterThan(30);
    // What was planted is there where it belongs: the search would find it.
    const personal = await rowsOf('select personal::text as line from events.log where personal is not null');
    for (const what of ['customer’s address', 'customer’s name', 'user’s address']) expect(personal.join(), what).toContain(canaries[what]);
    expect((await rowsOf('select note as line from orders.orders')).join()).toContain(canaries['staff’s note']);
    expect(Object.values(canaries).every((value) => value.length > 15)).toBe(true);
  });

  it('no canary is in a log line', () => {
    expect(told(lines)).toEqual([]);
  });

  it('no canary is in an error that a client was told', () => {
    expect(told(errors)).toEqual([]);
  });

  it('no canary is in a trace', () => {
    const spans = exporter
      .getFinishedSpans()
      .map(({ name, attributes, events, status, resource }) => JSON.stringify([name, attributes, events, status, resource.attributes]));
    expect(told(spans)).toEqual([]);
  });

  it('no canary is in an event outside of its personal and secret parts', async () => {
    expect(told(await rowsOf("select (to_jsonb(l) - 'personal' - 'secret')::text as line from events.log l"))).toEqual([]);
    expect(told(await rowsOf('select to_jsonb(h)::text as line from events.held h'))).toEqual([]);
  });

  it('no secret is in an event at all, nor in any row of a domain but sealed or hashed', async () => {
    const secrets = Object.fromEntries(Object.entries(canaries).filter(([what]) => /password|token|key|URL/i.test(what)));
    const tables = await graph.admin<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('accounts', 'customers', 'orders', 'messaging', 'events', 'jobs', 'limits')",
    );
    for (const { name } of tables) {
      const rows = await rowsOf(`select t::text as line from ${name} t`);
      expect(
        Object.entries(secrets).flatMap(([what, value]) => (rows.some((row) => row.includes(value)) ? [`${what} in ${name}`] : [])),
      ).toEqual([]);
    }
  });

  it('no canary is in a job', async () => {
    expect(told(await rowsOf('select j::text as line from jobs.job j'))).toEqual([]);
  });
});
