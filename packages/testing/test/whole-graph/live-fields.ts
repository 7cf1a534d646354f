import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { seedStore, type GraphHarness, type RunMode, type SeededStore } from '../../src/graph.ts';
import { subscribeOver } from '../../src/socket.ts';

interface Told {
  readonly orderEvents: {
    readonly cursor: string;
    readonly event: { readonly kind: string };
    readonly order: { readonly number: string; readonly customer: { readonly displayName: string } | null } | null;
  };
}

const orderEvents =
  'subscription ($after: EventCursor) { orderEvents(after: $after) { cursor event { kind } order { number customer { displayName } } } }';

/** What the live fields tell, however the graph runs, and in one of several processes also when one of them is killed. */
export function liveFields(running: () => GraphHarness, mode: RunMode): void {
  let graph: GraphHarness;
  let store: SeededStore;
  let customerId: string;
  beforeAll(async () => {
    graph = running();
    store = await seedStore(graph);
    customerId = (await store.customer()).id;
  });

  async function logIn(): Promise<{ authorization: string }> {
    const { result } = await graph
      .client()
      .data<{ result: { session: { accessToken: string } } }>(
        'mutation ($input: SessionCreateInput!) { result: sessionCreate(input: $input) { session { accessToken } userErrors { code } } }',
        { input: store.credentials },
      );
    return { authorization: `Bearer ${result.session.accessToken}` };
  }
  const follow = async (params: Record<string, string>, after: string | null = null) =>
    subscribeOver<Told>(graph.url, params, { query: orderEvents, variables: { after } });
  /** A cursor, behind which a test can look for all that follows. */
  async function cursorOf(params: Record<string, string>): Promise<string> {
    const first = await follow(params);
    let heard = false;
    const event = first.next().finally(() => {
      heard = true;
    });
    // It is not told when a subscription has begun.
    while (!heard) await store.order({ customerId });
    first.stop();
    return (await event).orderEvents.cursor;
  }
  const cancel = (orderId: string) =>
    store.owner.data('mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { userErrors { code } } }', {
      input: { orderId, reason: 'CUSTOMER', idempotencyKey: randomUUID() },
    });

  it('tells of each order as it is committed, with what customers adds, and goes on behind a cursor', async () => {
    const params = await logIn();
    const cursor = await cursorOf(params);
    const early = await store.order({ customerId });
    await cancel(early.id);
    const order = await store.order({ customerId });
    const again = await follow(params, cursor);
    const told: Told['orderEvents'][] = [];
    while (told.at(-1)?.order?.number !== order.number) told.push((await again.next()).orderEvents);
    expect(told.map(({ order: of }) => of?.number)).toContain(early.number);
    expect(told.at(-1)).toEqual({
      cursor: expect.any(String),
      event: { kind: expect.any(String) },
      order: { number: order.number, customer: { displayName: 'Ada Lovelace' } },
    });
    expect(new Set(told.map((each) => each.cursor)).size).toBe(told.length);
    again.stop();
  });

  it('ends with 4403 when the session is revoked', async () => {
    const params = await logIn();
    const following = await follow(params);
    const token = params.authorization.replace('Bearer ', '');
    await graph.client(token).data('mutation { sessionRevoke(input: {}) { userErrors { code } } }');
    expect(await following.closed).toBe(4403);
  });

  if (mode === 'split')
    it('loses nothing when the process of orders is killed with -9', async () => {
      const params = await logIn();
      const cursor = await cursorOf(params);
      const following = await follow(params, cursor);
      const before = await store.order({ customerId });
      while ((await following.next()).orderEvents.order?.number !== before.number);
      process.kill(graph.processOf('orders'), 'SIGKILL');
      expect(await following.closed).toBe(1012);
      // It waits in the gateway until orders is back.
      const again = await follow(params, cursor);
      const told: (string | undefined)[] = [];
      while (told.at(-1) !== before.number) told.push((await again.next()).orderEvents.order?.number);
      const after = await store.order({ customerId });
      while (told.at(-1) !== after.number) told.push((await again.next()).orderEvents.order?.number);
      again.stop();
    });
}
