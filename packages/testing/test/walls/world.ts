import { randomUUID } from 'node:crypto';
import { createSealer, deriveSecrets, roleGrants, type Identity } from '@storegraph/auth';
import { newId, parseId, silentLogger, type Id } from '@storegraph/core';
import { createRuntime } from '@storegraph/subgraph';
import { afterAll } from 'vitest';
import { testClient, type TestClient } from '../../src/client.ts';
import { deploymentSecret } from '../../src/deployment.ts';
import { graphHarness, seedStore, type GraphHarness, type SeededStore } from '../../src/graph.ts';
import { domains } from './sdl.ts';

/** The ids of rows of one store, each under the name that an input has for it (`orderId`), and what else an input must find. */
export type Rows = Readonly<Record<string, string>>;

export interface WalledStore extends SeededStore {
  readonly ownerIdentity: Identity;
  /** A row of every kind, new ones of those that mutations use up. */
  rows(): Promise<Rows>;
}

export interface World {
  readonly graph: GraphHarness;
  readonly a: WalledStore;
  readonly b: WalledStore;
  /** A subgraph, without the gateway before it, as that identity. */
  as(domain: string, identity: Identity): TestClient;
}

/** Two stores with people, customers and orders, in the whole graph, and each of its subgraphs open to any identity. */
export async function openWorld(): Promise<World> {
  const graph = await graphHarness();
  const { sealingKey } = deriveSecrets(deploymentSecret);
  const sealer = createSealer({ keys: [sealingKey], current: sealingKey.id });
  const runtimes = new Map(domains.map((domain) => [domain.name, createRuntime(domain, { pool: graph.pool, log: silentLogger, sealer })]));
  afterAll(async () => {
    for (const runtime of runtimes.values()) await runtime.close();
  });
  return {
    graph,
    a: await walledStore(graph),
    b: await walledStore(graph),
    as: (domain, identity) => {
      const runtime = runtimes.get(domain);
      if (!runtime) throw new Error(`No subgraph ${domain}`);
      return testClient((query, variables) => runtime.execute({ query, variables, identity, requestId: randomUUID() }));
    },
  };
}

const password = 'a-password-of-a-test';

async function walledStore(graph: GraphHarness): Promise<WalledStore> {
  const store = await seedStore(graph);
  const { owner } = store;
  const who = await owner.data<{ viewer: { user: { id: string }; sessions: { id: string; current: boolean }[] } }>(
    '{ viewer { user { id } sessions { id current } } }',
  );
  const ownerIdentity: Identity = {
    kind: 'STAFF',
    storeId: idOf('sto', store.id),
    subjectId: idOf('usr', who.viewer.user.id),
    sessionId: idOf('ses', who.viewer.sessions.find(({ current }) => current)?.id),
    permissions: roleGrants.OWNER,
  };
  await store.staff('AGENT');
  const outsiderEmail = `outsider-${randomUUID().slice(0, 8)}@example.com`;
  await done(graph.client(), 'userSignUp', { email: outsiderEmail, password }, 'accepted');

  const rows = async (): Promise<Rows> => {
    const customer = await store.customer({
      email: `${randomUUID().slice(0, 8)}@example.com`,
      addresses: [{ line1: '12 St James Square', city: 'London', country: 'GB' }],
    });
    const order = await store.order({
      customerId: customer.id,
      note: 'Difficult',
      discount: 200,
      lines: [{ name: 'Lantern', quantity: 4, unitPrice: 1250 }],
    });
    const lineId = order.lines[0]?.id;
    const orderId = order.id;
    const key = () => ({ idempotencyKey: randomUUID() });
    const { payment } = await done<{ payment: { id: string } }>(
      owner,
      'orderPaymentRecord',
      { ...key(), orderId, tender: 'CARD', authorized: 4000, captured: 2000, provider: 'test', externalId: randomUUID() },
      'payment { id }',
    );
    const refund = { ...key(), orderId, lines: [{ lineId, quantity: 1 }], reason: 'RETURN', note: 'Grumpy' };
    const { refund: given } = await done<{ refund: { id: string } }>(owner, 'orderRefund', refund, 'refund { id }');
    const parcel = { ...key(), orderId, lines: [{ lineId, quantity: 1 }] };
    const { fulfillment } = await done<{ fulfillment: { id: string } }>(owner, 'fulfillmentCreate', parcel, 'fulfillment { id }');
    const { apiKey } = await done<{ apiKey: { id: string } }>(
      owner,
      'apiKeyCreate',
      { name: 'a test', permissions: ['orders:read'] },
      'apiKey { id }',
    );
    const login = await done<{ session: { id: string } }>(
      graph.client(),
      'sessionCreate',
      { email: `owner@${store.slug}.test`, password },
      'session { id }',
    );
    const found = await owner.data<{
      customer: { addresses: { id: string }[]; contactPoints: { id: string }[] };
      members: { nodes: { id: string; role: { id: string; key: string } }[] };
    }>('query ($id: ID!) { customer(id: $id) { addresses { id } contactPoints { id } } members { nodes { id role { id key } } } }', {
      id: customer.id,
    });
    const agent = found.members.nodes.find(({ role }) => role.key === 'AGENT');
    return whole({
      storeId: store.id,
      userId: ownerIdentity.subjectId,
      sessionId: login.session.id,
      apiKeyId: apiKey.id,
      memberId: agent?.id,
      roleId: agent?.role.id,
      outsiderEmail,
      customerId: customer.id,
      customerNumber: String(customer.number),
      addressId: found.customer.addresses[0]?.id,
      contactPointId: found.customer.contactPoints[0]?.id,
      orderId,
      lineId,
      paymentId: payment.id,
      refundId: given.id,
      fulfillmentId: fulfillment.id,
    });
  };
  return { ...store, ownerIdentity, rows };
}

function whole(rows: Record<string, string | null | undefined>): Rows {
  return Object.fromEntries(
    Object.entries(rows).map(([name, value]) => {
      if (!value) throw new Error(`The seed made no ${name}`);
      return [name, value];
    }),
  );
}

async function done<Payload>(client: TestClient, mutation: string, input: object, selection: string): Promise<Payload> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const { result } = await client.data<{ result: Payload & { userErrors: unknown[] } }>(
    `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${selection} userErrors { code field } } }`,
    { input },
  );
  if (result.userErrors.length > 0) throw new Error(`The seed's ${mutation} was refused: ${JSON.stringify(result.userErrors)}`);
  return result;
}

function idOf<P extends string>(prefix: P, text: unknown): Id<P> {
  const id = parseId(prefix, text);
  if (!id) throw new Error(`${String(text)} is no ${prefix}`);
  return id;
}

/** The same rows as they are called where they do not exist: every id is a new one of its kind. */
export const missing = (rows: Rows): Rows =>
  Object.fromEntries(
    Object.entries(rows).map(([name, value]) => [name, /^[a-z]+_[0-9a-z]{26}$/.test(value) ? newId(value.split('_')[0] ?? '') : value]),
  );

/** An answer without what differs between any two: ids, and moments. */
export const withoutIds = (answer: unknown): string =>
  JSON.stringify(answer)
    .replace(/[a-z]+_[0-9a-z]{26}/g, '<id>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>');
