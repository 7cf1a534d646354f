import { randomUUID } from 'node:crypto';
import { newId, parseId, silentLogger } from '@storegraph/core';
import { createPostgresTransport, customerContactPointAdded, emit, replay } from '@storegraph/events';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestClient } from '../src/client.ts';
import { rolePrefix } from '../src/deployment.ts';
import { graphHarness, seedStore, type GraphHarness, type SeededOrder, type SeededStore } from '../src/graph.ts';
import { identity } from '../src/identities.ts';
import { mailedSecret } from '../src/mail.ts';

/** What is planted of a person, each text once: letters and digits, so that whatever normalises it leaves it as it is. */
const planted: string[] = [];
const canary = (what: string): string => {
  const text = `canary${what}${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  planted.push(text);
  return text;
};
const digits = (length: number) => Array.from({ length }, () => Math.floor(Math.random() * 10)).join('');
const phone = (): string => {
  const subscriber = `210${digits(7)}`;
  planted.push(subscriber);
  return `+30${subscriber}`;
};

let graph: GraphHarness;
let store: SeededStore;
let erased: { id: string; number: number };
let merged: { id: string; number: number };
let orders: SeededOrder[];
let mergeId: string;
let erasureId: string;

async function mutate<Payload = Record<string, never>>(
  name: string,
  input: object,
  selection = '',
  client: TestClient = store.owner,
): Promise<Payload> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { result } = await client.data<{ result: Payload & { userErrors: unknown[] } }>(
    `mutation ($input: ${type}!) { result: ${name}(input: $input) { ${selection} userErrors { code field } } }`,
    { input },
  );
  expect(result.userErrors, name).toEqual([]);
  return result;
}
const key = () => ({ idempotencyKey: randomUUID() });

const contact = () => ({ name: canary('contact'), email: `${canary('mail')}@example.com`, phone: phone() });
const address = () => ({
  name: canary('name'),
  company: canary('company'),
  line1: canary('line1'),
  line2: canary('line2'),
  city: canary('city'),
  region: canary('region'),
  postalCode: canary('z').slice(0, 20),
  country: 'GR',
  phone: phone(),
});
const customersAddress = () => {
  const { name: firstName, ...rest } = address();
  return { ...rest, label: canary('label'), firstName, lastName: canary('last') };
};

/** A person with something in every field that a person has. */
async function plant(email: string): Promise<{ id: string; number: number }> {
  const person = await store.customer({
    firstName: canary('first'),
    lastName: canary('last'),
    email,
    phone: phone(),
    externalId: canary('external'),
    note: canary('note'),
    tags: [canary('tag')],
    metadata: { [canary('key')]: canary('value') },
    addresses: [customersAddress()],
    consents: [
      {
        channel: 'EMAIL',
        purpose: 'MARKETING',
        given: true,
        evidence: { wording: canary('wording'), url: `https://example.com/${canary('url')}` },
      },
    ],
  });
  await mutate('customerContactPointAdd', { customerId: person.id, channel: 'WHATSAPP', address: canary('whatsapp') });
  await mutate('customerUpdate', { customerId: person.id, firstName: canary('renamed') });
  await graph.settled();
  return person;
}

/** Everything that an order of somebody can hold. */
async function order(customerId: string): Promise<SeededOrder> {
  const placed = await store.order({
    customerId,
    contact: contact(),
    billingAddress: address(),
    shippingAddress: address(),
    customerNote: canary('wish'),
    note: canary('staff'),
    lines: [{ name: 'Lantern', quantity: 3, unitPrice: 1000 }],
  });
  await store.pay(placed);
  const lines = [{ lineId: placed.lines[0]?.id, quantity: 1 }];
  await mutate('orderRefund', { ...key(), orderId: placed.id, amount: 100, reason: 'GOODWILL', note: canary('refund') });
  const { fulfillment } = await mutate<{ fulfillment: { id: string } }>(
    'fulfillmentCreate',
    { ...key(), orderId: placed.id, lines },
    'fulfillment { id }',
  );
  await mutate('fulfillmentShip', {
    fulfillmentId: fulfillment.id,
    carrier: 'Post',
    trackingNumber: canary('tracking'),
    trackingUrl: `https://example.com/${canary('parcel')}`,
  });
  const { return: asked } = await mutate<{ return: { id: string } }>(
    'returnRequest',
    {
      ...key(),
      orderId: placed.id,
      lines: lines.map((line) => ({ ...line, reason: 'SIZE' })),
      customerNote: canary('why'),
      note: canary('grumpy'),
    },
    'return { id }',
  );
  await mutate('returnDecline', { returnId: asked.id, reason: canary('declined') });
  return placed;
}

/** Logs somebody in who signs up with the address: the customer who has it becomes the account's. */
async function logIn(email: string): Promise<TestClient> {
  const headers = { 'x-storegraph-store': store.slug, 'user-agent': canary('agent') };
  const visitor = graph.client(undefined, headers);
  const password = 'a-password-of-a-test';
  await mutate('customerSignUp', { email, password, firstName: canary('signup') }, 'accepted', visitor);
  const token = await mailedSecret(graph, email, 'customerSignUp.%');
  const { session } = await mutate<{ session: { accessToken: string } }>(
    'customerEmailVerify',
    { token, password },
    'session { accessToken }',
    visitor,
  );
  await mutate('customerSignUp', { email, password, firstName: canary('again') }, 'accepted', visitor);
  await mutate('customerPasswordResetRequest', { email }, 'accepted', visitor);
  return graph.client(session.accessToken, { 'user-agent': headers['user-agent'] });
}

async function giftCard(customerId: string): Promise<void> {
  const { giftCard: card } = await mutate<{ giftCard: { id: string } }>(
    'giftCardIssue',
    {
      ...key(),
      amount: 5000,
      customerId,
      recipientName: canary('recipient'),
      recipientEmail: `${canary('gift')}@example.com`,
      senderName: canary('sender'),
      message: canary('message'),
      note: canary('card'),
      tags: [canary('cardtag')],
    },
    'giftCard { id }',
  );
  await mutate('giftCardAdjust', { ...key(), giftCardId: card.id, amount: -100, reason: canary('adjusted') });
}

async function cart(shopper: TestClient): Promise<void> {
  const { cart: made } = await mutate<{ cart: { id: string } }>('cartCreate', { currency: 'EUR' }, 'cart { id }', shopper);
  const personal = { contact: contact(), billingAddress: address(), shippingAddress: address(), customerNote: canary('cartwish') };
  await mutate('cartUpdate', { cartId: made.id, ...personal }, '', shopper);
}

/** A file with everybody in it. */
async function file(mutation: string, query: string): Promise<void> {
  const { export: asked } = await mutate<{ export: { id: string } }>(mutation, key(), 'export { id }');
  await vi.waitFor(
    async () => {
      const { made } = await store.owner.data<{ made: { status: string } }>(`query ($id: ID!) { made: ${query}(id: $id) { status } }`, {
        id: asked.id,
      });
      expect(made.status).toBe('DONE');
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** In which tables the planted texts stand, of every schema there is. */
async function found(): Promise<string[]> {
  const tables = await graph.admin<{ name: string }>(`
    select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%' order by 1`);
  const pattern = planted.join('|');
  const places: string[] = [];
  for (const { name } of tables) {
    const rows = await graph.admin<{ text: string }>(
      `select distinct (regexp_matches(lower(t::text), $1, 'g'))[1] as text from ${name} t`,
      [`(${pattern})`],
    );
    places.push(...rows.map(({ text }) => `${text} in ${name}`));
  }
  return places;
}

beforeAll(async () => {
  graph = await graphHarness({ deadlineMs: 10_000 });
  store = await seedStore(graph);
  const email = `${canary('account')}@example.com`;
  erased = await plant(email);
  merged = await plant(`${canary('other')}@example.com`);
  const shopper = await logIn(email);
  await cart(shopper);
  orders = [await order(erased.id), await order(merged.id)];
  await giftCard(merged.id);
  const pair = { survivorId: erased.id, mergedId: merged.id };
  ({
    merge: { id: mergeId },
  } = await mutate<{ merge: { id: string } }>('customerMerge', { ...pair, ...key() }, 'merge { id }'));
  await graph.settled();
  await file('customerExportCreate', 'customerExport');
  await file('orderExportCreate', 'orderExport');
}, 60_000);

describe('an erasure', () => {
  it('leaves nothing of the person in any table of any schema', async () => {
    const before = (await found()).map((place) => place.split(' ')[0]);
    expect(planted.filter((text) => !before.includes(text))).toEqual([]);
    const input = { customerId: merged.id, reason: 'REQUESTED_BY_CUSTOMER', ...key() };
    const { erasure } = await mutate<{ erasure: { id: string } }>('customerErase', input, 'erasure { id }');
    erasureId = erasure.id;
    expect(await mutate('customerErase', input, 'erasure { id }')).toMatchObject({ erasure });
    await graph.settled();
    await graph.settled();
    expect(await found()).toEqual([]);
  });

  it('gives a receipt of what each domain has erased, and what it keeps and why', async () => {
    const { erasure } = await store.owner.data<{
      erasure: {
        parts: { domain: string; erased: { what: string; count: number }[]; kept: { what: string; count: number; reason: string }[] }[];
      };
    }>(
      `query ($id: ID!) { erasure(id: $id) { status reason completedAt requestedBy { kind } customer { id erasedAt }
        parts { domain doneAt erased { what count } kept { what count reason } } } }`,
      { id: erasureId },
    );
    expect(erasure).toMatchObject({
      status: 'COMPLETED',
      reason: 'REQUESTED_BY_CUSTOMER',
      requestedBy: { kind: 'STAFF' },
      customer: { id: erased.id },
    });
    expect(JSON.stringify(erasure)).not.toMatch(/"(doneAt|completedAt|erasedAt)":null/);
    const part = (domain: string) => erasure.parts.find((each) => each.domain === domain);
    expect(part('customers')).toMatchObject({ kept: [{ what: 'customers', count: 2, reason: 'LEDGER' }] });
    expect(part('accounts')).toMatchObject({ erased: [], kept: [{ what: 'activities', reason: 'AUDIT' }] });
    expect(part('customers')?.erased).toEqual(
      expect.arrayContaining([
        { what: 'addresses', count: 2 },
        { what: 'accounts', count: 1 },
      ]),
    );
    expect(part('orders')?.erased).toEqual(
      expect.arrayContaining([
        { what: 'orders', count: 2 },
        { what: 'fulfillments', count: 2 },
      ]),
    );
    expect(part('orders')?.kept).toEqual(expect.arrayContaining([{ what: 'orders', count: 2, reason: 'TAX_RECORDS' }]));
    const { erasures } = await store.owner.data<{ erasures: { nodes: { id: string }[] } }>(
      '{ erasures(status: COMPLETED) { nodes { id } totalCount } }',
    );
    expect(erasures).toEqual({ nodes: [{ id: erasureId }], totalCount: 1 });
  });

  it('leaves an id and a number that answer, and orders with their amounts', async () => {
    const { customer } = await store.owner.data<{ customer: Record<string, unknown> }>(
      `query ($id: ID!) { customer(id: $id) { id number displayName firstName lastName email phone note tags metadata birthDate addresses { id } contactPoints { id } status
        merges { id availableTransitions { reason } } availableTransitions { allowed } orderCount orders { nodes { total { amount } contact { email } } } } }`,
      { id: merged.id },
    );
    expect(customer).toMatchObject({
      id: erased.id,
      number: erased.number,
      displayName: `#${erased.number}`,
      firstName: null,
      lastName: null,
      email: null,
      phone: null,
      note: null,
      tags: [],
      metadata: {},
      addresses: [],
      contactPoints: [],
      status: 'DISABLED',
      merges: [{ id: mergeId, availableTransitions: [{ reason: 'SURVIVOR_ERASED' }] }],
      availableTransitions: [{ allowed: false }, { allowed: false }],
      orderCount: 2,
    });
    const { nodes } = customer['orders'] as { nodes: { total: { amount: number }; contact: { email: null } | null }[] };
    expect(nodes.map(({ total, contact: told }) => [total.amount, told?.email ?? null])).toEqual(
      orders.map(({ total }) => [total.amount, null]),
    );
    const { customers } = await store.owner.data<{ customers: unknown }>('{ customers { totalCount } }');
    expect(customers).toEqual({ totalCount: 0 });
  });

  it('holds through replays of every projection, and against what is told of the person late', async () => {
    const customerId = parseId('cus', erased.id) ?? newId('cus');
    const storeId = parseId('sto', store.id) ?? newId('sto');
    const db = graph.pool.session({ domain: 'customers', identity: identity.system(storeId), correlationId: randomUUID(), origin: 'LIVE' });
    const late = canary('late');
    await db.write((tx) =>
      emit(
        tx,
        customerContactPointAdded(
          { customerId, contactPointId: newId('cpt'), channel: 'EMAIL', primary: true, verified: false },
          { personal: { source: '', address: `${late}@example.com`, display: late } },
        ),
      ),
    );
    await db.end();
    const transport = createPostgresTransport({ url: graph.loginOf('all'), prefix: rolePrefix, log: silentLogger });
    const projections = await graph.admin<{ name: string }>(`select name from events.consumers where kind = 'projection'`);
    expect(projections.map(({ name }) => name)).toContain('orders.follow-customers');
    for (const { name } of projections) await replay(transport, name);
    await transport.close();
    await graph.settled();
    await graph.settled();
    expect(await found()).toEqual([]);
    const [states] = await graph.admin(`select count(*)::integer as held from events.held`);
    expect(states).toEqual({ held: 0 });
  });

  it('can not be taken back with the merge, and nothing is written about the person any more', async () => {
    const codes = async (name: string, input: object) => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const { result } = await store.owner.data<{ result: { userErrors: { code: string }[] } }>(
        `mutation ($input: ${type}!) { result: ${name}(input: $input) { userErrors { code } } }`,
        { input },
      );
      return result.userErrors.map(({ code }) => code);
    };
    expect(await codes('customerMergeUndo', { mergeId })).toEqual(['SURVIVOR_ERASED']);
    expect(await codes('customerErase', { customerId: erased.id, reason: 'NO_LONGER_NEEDED', ...key() })).toEqual(['ALREADY_ERASED']);
    expect(await codes('customerUpdate', { customerId: erased.id, firstName: 'Back' })).toEqual(['NOT_FOUND']);
    expect(await codes('customerContactPointAdd', { customerId: merged.id, channel: 'EMAIL', address: 'back@example.com' })).toEqual([
      'NOT_FOUND',
    ]);
    const lines = [{ name: 'Lantern', quantity: 1, unitPrice: 1 }];
    expect(await codes('orderCreate', { ...key(), customerId: merged.id, currency: 'EUR', contact: { name: 'Back' }, lines })).toEqual([
      'NOT_FOUND',
    ]);
  });
});
