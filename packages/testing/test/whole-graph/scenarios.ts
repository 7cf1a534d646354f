import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { TestClient } from '../../src/client.ts';
import { acceptInvitation, seedStore, type GraphHarness, type SeededStore } from '../../src/graph.ts';

const customerInFull = /* GraphQL */ `
  query ($id: ID!) {
    customer(id: $id) {
      displayName
      email
      addresses {
        city
        country
      }
      orderMetrics {
        totalOrders
        totalSpent {
          amount
          currency
        }
        totalRefunded {
          amount
          currency
        }
        averageOrderValue {
          amount
        }
      }
      recentOrders(first: 1) {
        total {
          amount
        }
        lines {
          name
          quantity
        }
      }
    }
  }
`;

/** How long a right may outlive its end. */
const moments = { timeout: 5_000 };

interface Where {
  readonly viewer: { readonly store: { readonly slug: string }; readonly permissions: readonly string[] };
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

async function logIn(graph: GraphHarness, { credentials }: SeededStore, storeId?: string): Promise<Tokens> {
  const { result } = await graph
    .client()
    .data<{ result: { session: Tokens } }>(
      'mutation ($input: SessionCreateInput!) { result: sessionCreate(input: $input) { session { accessToken refreshToken } userErrors { code } } }',
      { input: { ...credentials, storeId } },
    );
  return result.session;
}

/** Null where the token is refused. */
async function refresh(graph: GraphHarness, refreshToken: string): Promise<Tokens | null> {
  const { result } = await graph
    .client()
    .data<{ result: { session: Tokens | null } }>(
      'mutation ($input: SessionRefreshInput!) { result: sessionRefresh(input: $input) { session { accessToken refreshToken } userErrors { code } } }',
      { input: { refreshToken } },
    );
  return result.session;
}

/** What every whole graph answers, however it runs. */
export function scenarios(running: () => GraphHarness): void {
  let graph: GraphHarness;
  let store: SeededStore;
  beforeAll(async () => {
    graph = running();
    store = await seedStore(graph, { currency: 'EUR' });
  });

  it('answers for a customer with addresses, metrics and recent orders in one query', async () => {
    const customer = await store.customer({
      email: 'ada@example.com',
      addresses: [{ line1: '12 St James Square', city: 'London', country: 'GB' }],
    });
    await store.pay(await store.order({ customerId: customer.id }));
    const second = await store.order({ customerId: customer.id, lines: [{ name: 'Clock', quantity: 1, unitPrice: 500 }] });
    await store.pay(second);
    const refund = await store.owner.data<{ orderRefund: { userErrors: unknown[] } }>(
      'mutation ($input: OrderRefundInput!) { orderRefund(input: $input) { userErrors { code } } }',
      { input: { orderId: second.id, amount: 200, reason: 'GOODWILL', idempotencyKey: randomUUID() } },
    );
    expect(refund.orderRefund.userErrors).toEqual([]);

    expect(await store.owner.data(customerInFull, { id: customer.id })).toEqual({
      customer: {
        displayName: 'Ada Lovelace',
        email: 'ada@example.com',
        addresses: [{ city: 'London', country: 'GB' }],
        orderMetrics: {
          totalOrders: 2,
          totalSpent: [{ amount: 3000, currency: 'EUR' }],
          totalRefunded: [{ amount: 200, currency: 'EUR' }],
          averageOrderValue: [{ amount: 1500 }],
        },
        recentOrders: [{ total: { amount: 500 }, lines: [{ name: 'Clock', quantity: 1 }] }],
      },
    });
  });

  it('answers for another store’s ids exactly as for ids that do not exist', async () => {
    const customer = await store.customer();
    const order = await store.order({ customerId: customer.id });
    const stranger = (await seedStore(graph)).owner;
    expect(
      await stranger.data('query ($c: ID!, $o: ID!) { customer(id: $c) { id } order(id: $o) { id } }', { c: customer.id, o: order.id }),
    ).toEqual({
      customer: null,
      order: null,
    });
    const cancel = 'mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { id } userErrors { code field message } } }';
    const attempt = (orderId: string) => stranger.data(cancel, { input: { orderId, reason: 'CUSTOMER', idempotencyKey: randomUUID() } });
    expect(await attempt(order.id)).toEqual(await attempt('ord_00000000000000000000000000'));
    expect(await store.owner.data('query ($id: ID!) { order(id: $id) { status } }', { id: order.id })).toEqual({
      order: { status: 'OPEN' },
    });
  });

  it('lets each identity do what its permissions say, and no more', async () => {
    const [agent, reader] = await Promise.all([store.staff('AGENT'), store.apiKey(['customers:read'])]);
    const { id } = await store.customer();
    const order = await store.order({ customerId: id });
    await store.pay(order);
    const refund = 'mutation ($input: OrderRefundInput!) { orderRefund(input: $input) { userErrors { code } } }';
    const input = { orderId: order.id, amount: 1, reason: 'GOODWILL', idempotencyKey: randomUUID() };
    expect(await agent.codes(refund, { input })).toEqual(['FORBIDDEN']);
    expect(await store.visitor.codes(refund, { input })).toEqual(['UNAUTHENTICATED']);
    expect(await store.owner.data('query ($id: ID!) { order(id: $id) { refunded { amount } } }', { id: order.id })).toEqual({
      order: { refunded: { amount: 0 } },
    });

    const mixed = await reader.run('query ($id: ID!) { customer(id: $id) { id orderCount } }', { id });
    // What orders adds to a customer is refused as a whole, at the customer; what it does not add is answered.
    expect(mixed.data).toEqual({ customer: { id, orderCount: null } });
    expect(mixed.errors?.map((error) => [error.path, error.extensions?.['code']])).toEqual([[['customer'], 'FORBIDDEN']]);
  });

  it('takes a member’s rights away within a moment, not when the token expires', async () => {
    const manager = await store.staff('MANAGER');
    expect(await manager.codes('{ customers(first: 1) { nodes { id } } }')).toEqual([]);
    const { members } = await store.owner.data<{ members: { nodes: { id: string; role: { key: string } }[] } }>(
      '{ members(first: 50) { nodes { id role { key } } } }',
    );
    const memberId = members.nodes.find(({ role }) => role.key === 'MANAGER')?.id;
    await store.owner.data('mutation ($input: MemberRemoveInput!) { memberRemove(input: $input) { userErrors { code } } }', {
      input: { memberId },
    });
    await expect.poll(() => manager.codes('{ customers(first: 1) { nodes { id } } }'), { timeout: 5_000 }).toEqual(['UNAUTHENTICATED']);
  });

  it('refuses a token that was tampered with, and a log-in of nobody', async () => {
    expect(await graph.client('eyJhbGciOiJub25lIn0.eyJpc3MiOiJhY2NvdW50cyJ9.').codes('{ viewer { permissions } }')).toEqual([
      'UNAUTHENTICATED',
    ]);
    const { sessionCreate } = await graph
      .client()
      .data<{ sessionCreate: { session: null; userErrors: { code: string }[] } }>(
        'mutation { sessionCreate(input: { email: "nobody@example.com", password: "not-the-password" }) { session { accessToken } userErrors { code } } }',
      );
    expect(sessionCreate).toEqual({ session: null, userErrors: [{ code: 'INVALID_CREDENTIALS' }] });
  });

  it('ends the whole session when a refresh token comes back, and refuses its access token within moments', async () => {
    const first = await logIn(graph, store);
    const second = await refresh(graph, first.refreshToken);
    const third = await refresh(graph, second?.refreshToken ?? '');
    const client = graph.client(third?.accessToken);
    expect(await client.codes('{ members(first: 1) { nodes { id } } }')).toEqual([]);

    expect(await refresh(graph, first.refreshToken)).toBeNull();
    await expect.poll(() => client.codes('{ members(first: 1) { nodes { id } } }'), moments).toEqual(['UNAUTHENTICATED']);
    expect(await refresh(graph, third?.refreshToken ?? '')).toBeNull();
  });

  it('refuses an API key within moments of its revocation', async () => {
    const key = await store.apiKey(['customers:read', 'apiKeys:read']);
    const { viewer } = await key.data<{ viewer: { apiKey: { id: string } } }>('{ viewer { apiKey { id } } }');
    await store.owner.data('mutation ($input: ApiKeyRevokeInput!) { apiKeyRevoke(input: $input) { userErrors { code } } }', {
      input: { apiKeyId: viewer.apiKey.id },
    });
    await expect.poll(() => key.codes('{ customers(first: 1) { nodes { id } } }'), moments).toEqual(['UNAUTHENTICATED']);
  });

  it('moves a session from store to store, and binds each token to one', async () => {
    const other = await seedStore(graph);
    const roles = await other.owner.data<{ roles: { id: string; key: string }[] }>('{ roles { id key } }');
    await other.owner.data('mutation ($input: InvitationCreateInput!) { invitationCreate(input: $input) { userErrors { code } } }', {
      input: { email: store.credentials.email, roleId: roles.roles.find(({ key }) => key === 'AGENT')?.id },
    });
    await acceptInvitation(graph, store.owner, store.credentials.email);
    const session = await logIn(graph, store, store.id);
    const here = graph.client(session.accessToken);
    const { result } = await here.data<{ result: { session: { accessToken: string; refreshToken: null } } }>(
      'mutation ($input: SessionSwitchStoreInput!) { result: sessionSwitchStore(input: $input) { session { accessToken refreshToken } } }',
      { input: { storeId: other.id } },
    );
    const there = graph.client(result.session.accessToken);
    const where = '{ viewer { store { slug } permissions } }';
    const [before, after] = [await here.data<Where>(where), await there.data<Where>(where)];
    expect([before.viewer.store.slug, after.viewer.store.slug]).toEqual([store.slug, other.slug]);
    expect([before, after].map(({ viewer }) => viewer.permissions.includes('members:write'))).toEqual([true, false]);

    const stranger = await seedStore(graph);
    const refused = await here.data(
      'mutation ($input: SessionSwitchStoreInput!) { sessionSwitchStore(input: $input) { session { id } userErrors { code } } }',
      {
        input: { storeId: stranger.id },
      },
    );
    expect(refused).toEqual({ sessionSwitchStore: { session: null, userErrors: [{ code: 'NOT_FOUND' }] } });
  });

  it('takes the store of a visitor from the header, and refuses one that contradicts the token or names no store', async () => {
    const { accessToken } = await logIn(graph, store, store.id);
    const other = await seedStore(graph);
    const where = '{ store { slug } }';
    expect(await store.visitor.data(where)).toEqual({ store: { slug: store.slug } });
    expect(await other.visitor.data(where)).toEqual({ store: { slug: other.slug } });
    expect(await graph.client().data(where)).toEqual({ store: null });
    const withHeader = (slug: string) => graph.client(accessToken, { 'x-storegraph-store': slug }).codes(where);
    expect(await withHeader(store.slug)).toEqual([]);
    expect(await withHeader(other.slug)).toEqual(['BAD_REQUEST']);
    expect(await graph.client(undefined, { 'x-storegraph-store': 'no-such-store' }).codes(where)).toEqual(['BAD_REQUEST']);
  });

  it('lets a guest claim what is theirs with a verified address, and shows a shopper nothing else', async () => {
    const [email, stranger] = [`guest-${randomUUID()}@example.com`, await store.customer()];
    const guest = await store.customer({ email });
    const mine = await store.order({ customerId: guest.id });
    const theirs = await store.order({ customerId: stranger.id });
    const shopper = await store.shopper({ email });
    expect(
      await shopper.client.data(
        `query ($mine: ID!, $theirs: ID!, $stranger: ID!) {
           currentCustomer { id email account { verified } recentOrders(first: 5) { number customer { displayName } } }
           mine: order(id: $mine) { number } theirs: order(id: $theirs) { number } customer(id: $stranger) { id } }`,
        { mine: mine.id, theirs: theirs.id, stranger: stranger.id },
      ),
    ).toEqual({
      currentCustomer: {
        id: guest.id,
        email,
        account: { verified: true },
        recentOrders: [{ number: mine.number, customer: { displayName: 'Ada Lovelace' } }],
      },
      mine: { number: mine.number },
      theirs: null,
      customer: null,
    });
    expect(await shopper.client.codes('{ customers(first: 1) { nodes { id } } }')).toEqual(['FORBIDDEN']);
    expect(await shopper.client.codes('{ members(first: 1) { nodes { id } } }')).toEqual(['FORBIDDEN']);
  });

  it('keeps a shopper in one store, and ends the session of a token that comes back or a customer who is disabled', async () => {
    const other = await seedStore(graph);
    const [robbed, disabled] = [await store.shopper(), await store.shopper()];
    const renew = async (client: TestClient, refreshToken: string) => {
      const { result } = await client.data<{ result: { session: Tokens | null } }>(
        'mutation ($input: CustomerSessionRefreshInput!) { result: customerSessionRefresh(input: $input) { session { accessToken refreshToken } userErrors { code } } }',
        { input: { refreshToken } },
      );
      return result.session;
    };
    expect(await renew(other.visitor, robbed.refreshToken)).toBeNull();
    const second = await renew(store.visitor, robbed.refreshToken);
    const elsewhere = graph.client(second?.accessToken, { 'x-storegraph-store': other.slug });
    expect(await elsewhere.codes('{ currentCustomer { id } }')).toEqual(['BAD_REQUEST']);
    await renew(store.visitor, second?.refreshToken ?? '');
    const client = graph.client(second?.accessToken);
    expect(await client.codes('{ currentCustomer { id } }')).toEqual([]);
    expect(await renew(store.visitor, robbed.refreshToken)).toBeNull();
    await expect.poll(() => client.codes('{ currentCustomer { id } }'), moments).toEqual(['UNAUTHENTICATED']);

    expect(await disabled.client.codes('{ currentCustomer { id } }')).toEqual([]);
    await store.owner.data('mutation ($input: CustomerStatusSetInput!) { customerStatusSet(input: $input) { userErrors { code } } }', {
      input: { customerId: disabled.id, status: 'DISABLED' },
    });
    await expect.poll(() => disabled.client.codes('{ currentCustomer { id } }'), moments).toEqual(['UNAUTHENTICATED']);
  });

  it('places one order for 50 concurrent calls with one key, with equal answers', async () => {
    const { id: customerId } = await store.customer();
    const input = { idempotencyKey: randomUUID(), customerId, lines: [{ name: 'Lantern', quantity: 3, unitPrice: 199 }] };
    const create =
      'mutation ($input: OrderCreateInput!) { orderCreate(input: $input) { order { id number total { amount } placedAt } userErrors { code } } }';
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.owner.data(create, { input })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ orderCreate: { order: { total: { amount: 597 } }, userErrors: [] } });
    expect(await store.owner.data('query ($id: ID!) { customer(id: $id) { orderCount } }', { id: customerId })).toEqual({
      customer: { orderCount: 1 },
    });
    const other = await store.owner.data(create, { input: { ...input, note: 'another' } });
    expect(other).toMatchObject({ orderCreate: { order: null, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] } });
  });

  it('never refunds more than was captured, whatever 100 concurrent refunds ask for', async () => {
    const order = await store.order({ lines: [{ name: 'Lantern', quantity: 1, unitPrice: 1000 }] });
    const payment = await store.pay(order);
    const refund = 'mutation ($input: OrderRefundInput!) { orderRefund(input: $input) { order { id } userErrors { code } } }';
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        store.owner.data<{ orderRefund: { userErrors: { code: string }[] } }>(refund, {
          input: {
            orderId: order.id,
            amount: 30,
            payments: [{ paymentId: payment.id, amount: 30 }],
            reason: 'GOODWILL',
            idempotencyKey: randomUUID(),
          },
        }),
      ),
    );
    const codes = answers.map(({ orderRefund }) => orderRefund.userErrors[0]?.code ?? 'DONE');
    // 33 times 30 is 990 of the 1,000 that were captured.
    expect(codes.filter((code) => code === 'DONE')).toHaveLength(33);
    expect(new Set(codes)).toEqual(new Set(['DONE', 'AMOUNT_TOO_HIGH']));
    const after = await store.owner.data('query ($id: ID!) { order(id: $id) { refunded { amount } captured { amount } } }', {
      id: order.id,
    });
    expect(after).toEqual({ order: { refunded: { amount: 990 }, captured: { amount: 1000 } } });
  });
}
