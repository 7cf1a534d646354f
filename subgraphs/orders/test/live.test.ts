import { system, type Identity } from '@storegraph/auth';
import { silentLogger, toUuid } from '@storegraph/core';
import type { HubHost } from '@storegraph/subgraph';
import { identity } from '@storegraph/testing';
import { beforeAll, expect, it } from 'vitest';
import { createOrderHub } from '../src/live/hub.ts';
import { lockOrder } from '../src/order/lock.ts';
import { record } from '../src/order/record.ts';
import { key, ordersHarness, type Desk, type OrdersHarness } from './desk.ts';
import { beginning, follower, type Told } from './followers.ts';
import { raceOfFollowers } from './live-race.ts';

let orders: OrdersHarness;
beforeAll(async () => {
  orders = await ordersHarness();
});

const staffOf = (desk: Desk): Identity => identity.staff(desk.storeId);
const told = (entries: readonly Told[]) => entries.map(({ event, order }) => [event.kind, event.sequence, order?.id]);

const begin = (desk: Desk) => beginning(desk.storeId);

it('tells what is committed in its order, with the order as it is, and behind a cursor exactly the rest', async () => {
  const desk = orders.desk();
  const following = follower(orders, staffOf(desk), begin(desk));
  const order = await desk.order();
  await desk.mutate('orderNoteSet', { orderId: order.id, note: 'Ring twice' });
  await desk.pay(order, 2500);
  const entries = await following.take(4);
  await following.stop();
  expect(told(entries)).toEqual([
    ['PLACED', 1, order.id],
    ['NOTE_SET', 2, order.id],
    ['PAYMENT_RECORDED', 3, order.id],
    ['PAID', 4, order.id],
  ]);
  const rest = follower(orders, staffOf(desk), entries[1]?.cursor);
  expect(told(await rest.take(2))).toEqual(told(entries.slice(2)));
  await rest.stop();
});

it('tells, behind the cursor that was read before a list, what the list could not have', async () => {
  const desk = orders.desk();
  const customerId = await desk.customer();
  const cursor = async (client = desk.staff) =>
    (await client.data<{ orderEventsCursor: string }>('{ orders(first: 1) { nodes { id } } orderEventsCursor }')).orderEventsCursor;
  const behind = async (after: string, who = staffOf(desk)) => {
    const following = follower(orders, who, after);
    const entries = told(await following.take(1));
    await following.stop();
    return entries;
  };
  const shopper = identity.customer(desk.storeId, customerId);
  await desk.order();
  let before = await cursor();
  const first = await desk.order();
  expect(await behind(before)).toEqual([['PLACED', 1, first.id]]);
  before = await cursor();
  const second = await desk.order({ customerId });
  expect(await behind(before)).toEqual([['PLACED', 1, second.id]]);
  before = await cursor(orders.as(shopper));
  const third = await desk.order({ customerId });
  expect(await behind(before, shopper)).toEqual([['PLACED', 1, third.id]]);
});

it("tells a customer what is theirs and not internal, and another store's staff nothing of it", async () => {
  const [desk, other] = [orders.desk(), orders.desk()];
  const customerId = await desk.customer();
  const [theirs, foreign] = [begin(desk), begin(other)];
  const shopper = follower(orders, identity.customer(desk.storeId, customerId), theirs);
  const stranger = follower(orders, staffOf(other), foreign);
  await desk.order();
  const own = await desk.order({ customerId });
  await desk.mutate('orderNoteSet', { orderId: own.id, note: 'Difficult' });
  await desk.pay(own, 100);
  const elsewhere = await other.order();
  // What they were not told would have come before this.
  expect(told(await shopper.take(2))).toEqual([
    ['PLACED', 1, own.id],
    ['PAYMENT_RECORDED', 3, own.id],
  ]);
  expect(told(await stranger.take(1))).toEqual([['PLACED', 1, elsewhere.id]]);
  await shopper.stop();
  await stranger.stop();
});

it('tells nothing of a transaction before it is committed, however late, and never skips it', async () => {
  const desk = orders.desk();
  const early = await desk.order();
  const following = follower(orders, staffOf(desk), begin(desk));
  await following.take(1);
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const late = desk.write(async (tx) => {
    const order = await lockOrder(tx, early.id);
    if (order) await record(tx, order, { note: 'late' }, [{ kind: 'NOTE_SET', internal: true }], new Date());
    begun.resolve();
    await held.promise;
  });
  await begun.promise;
  const meanwhile = await desk.order();
  expect(told(await following.take(1))).toEqual([['PLACED', 1, meanwhile.id]]);
  held.resolve();
  await late;
  expect(told(await following.take(1))).toEqual([['NOTE_SET', 2, early.id]]);
  await following.stop();
});

it('ends with BAD_REQUEST for a cursor of another store or of nobody, and with RESYNC for one that is too far behind or ahead', async () => {
  const [desk, other] = [orders.desk(), orders.desk()];
  const cursor = begin(desk);
  for (const [wrong, code] of [
    [cursor, 'BAD_REQUEST'],
    ['nonsense', 'BAD_REQUEST'],
    ['', 'BAD_REQUEST'],
  ] as const)
    expect(await follower(orders, staffOf(other), wrong).next()).toBe(code);
  const following = follower(orders, staffOf(desk), cursor);
  await desk.order();
  await following.take(1);
  await following.stop();
  await orders.admin('update orders.order_feeds set last = last + 10001 where store_id = $1', [toUuid(desk.storeId)]);
  expect(await follower(orders, staffOf(desk), cursor).next()).toBe('RESYNC');
  await orders.admin('update orders.order_feeds set last = 0 where store_id = $1', [toUuid(desk.storeId)]);
  // A database that was restored: the hub of a process that starts then.
  const hub = createOrderHub(hostOf(), { mostWaiting: 10, mostReplayed: 10n, pollMs: 60_000 });
  await expect(hub.follow(system(desk.storeId), desk.storeId, 5n).next()).rejects.toMatchObject({ code: 'RESYNC' });
});

/** A process of its own, as far as a hub can tell. */
function hostOf(wakes: Set<() => void> = new Set()): HubHost {
  return {
    within: async (who, work) => {
      const db = orders.pool.session({ domain: 'orders', identity: who, correlationId: key(), origin: 'LIVE' });
      try {
        return await work(db);
      } finally {
        await db.end();
      }
    },
    onWake: (listener) => {
      wakes.add(listener);
      return () => wakes.delete(listener);
    },
    log: silentLogger,
  };
}

it('ends a follower that takes nothing, with a code, and no other', async () => {
  const desk = orders.desk();
  const wakes = new Set<() => void>();
  const hub = createOrderHub(hostOf(wakes), { mostWaiting: 20, mostReplayed: 100n, pollMs: 60_000 });
  const [slow, quick] = [hub.follow(staffOf(desk), desk.storeId, null), hub.follow(staffOf(desk), desk.storeId, null)];
  const place = async () => {
    const { id } = await desk.order();
    for (const wake of wakes) wake();
    return id;
  };
  const seen = new Set<string>();
  const wanted: { order?: string } = {};
  let begun = false;
  const first = slow.next().then(() => (begun = true));
  const reached = (async () => {
    for await (const { orderId } of quick) if (seen.add(orderId).has(wanted.order ?? '')) return;
  })();
  while (!begun) await Promise.race([first, place()]);
  for (let count = 0; count < 20; count += 1) await place();
  // Handed out to both at once, so that what the one has the other had been given.
  wanted.order = await place();
  await place();
  await reached;
  await expect(slow.next()).rejects.toMatchObject({ code: 'FELL_BEHIND' });
  expect(await slow.next()).toEqual({ done: true, value: undefined });
});

it('lets two processes share a feed, each with the same places', async () => {
  const desk = orders.desk();
  const wakes = new Set<() => void>();
  const limits = { mostWaiting: 50, mostReplayed: 100n, pollMs: 60_000 };
  const feeds = [createOrderHub(hostOf(wakes), limits), createOrderHub(hostOf(wakes), limits)].map((hub) =>
    hub.follow(staffOf(desk), desk.storeId, 0n),
  );
  await Promise.all(Array.from({ length: 6 }, () => desk.order()));
  const seen = await Promise.all(
    feeds.map(async (feed) => {
      const entries: string[] = [];
      while (entries.length < 6) {
        for (const wake of wakes) wake();
        const { value } = await feed.next();
        if (value) entries.push(`${String(value.position)} ${value.id}`);
      }
      await feed.return?.();
      return entries;
    }),
  );
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]?.map((entry) => entry.split(' ')[0])).toEqual(['1', '2', '3', '4', '5', '6']);
});

it('tells every follower everything once and in one order, while writers write and backends are killed', async () => {
  await raceOfFollowers(orders, { writers: 4, ordersEach: 10, followers: 10, kills: 8 });
});

it('does not tell what an import wrote', async () => {
  const desk = orders.desk();
  const after = begin(desk);
  await orders.admin(
    `insert into orders.order_events (store_id, id, order_id, sequence, kind, internal, actor_kind, occurred_at)
     select store_id, gen_random_uuid(), id, 99, 'IMPORTED', false, 'SYSTEM', now() from orders.orders where store_id = $1`,
    [toUuid(desk.storeId)],
  );
  const following = follower(orders, staffOf(desk), after);
  const order = await desk.order();
  expect(told(await following.take(1))).toEqual([['PLACED', 1, order.id]]);
  await following.stop();
});

it('is closed to visitors, and to staff who may not read orders', async () => {
  const { storeId } = orders.desk();
  expect(await follower(orders, identity.anonymous(storeId)).next()).toBe('UNAUTHENTICATED');
  expect(await follower(orders, identity.staff(storeId, ['orders:write'])).next()).toBe('FORBIDDEN');
  expect(await follower(orders, identity.platform()).next()).toBe('BAD_REQUEST');
});
