import { randomInt } from 'node:crypto';
import { toUuid, fromUuid } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { expect } from 'vitest';
import { key, line, type OrdersHarness } from './desk.ts';
import { beginning, follower } from './followers.ts';

interface Size {
  readonly writers: number;
  readonly ordersEach: number;
  readonly followers: number;
  readonly kills: number;
}

/** What a client does again, with the same key or the last cursor, because its database connection was lost. */
const lost = 'SUBGRAPH_UNAVAILABLE';

/**
 * Writers place and pay orders at once while backends are killed. Followers begin at random moments, from now on or behind a random cursor. Each of
 * them must be told everything behind its beginning, once, in the order in which all the others are told it; customers theirs alone.
 */
export async function raceOfFollowers(orders: OrdersHarness, { writers, ordersEach, followers, kills }: Size): Promise<void> {
  const desk = orders.desk();
  const customerId = await desk.customer();
  const staff = identity.staff(desk.storeId);
  const shopper = identity.customer(desk.storeId, customerId);
  await desk.order();

  let written = 0;
  const last: { order?: string } = {};
  const cursors: { readonly cursor: string; readonly id: string }[] = [];

  async function follow(who: typeof staff, after: string | null): Promise<string[]> {
    const seen: string[] = [];
    for (let cursor = after; ;) {
      const following = follower(orders, who, cursor);
      for (let told = await following.next(); told !== null; told = await following.next()) {
        if (typeof told === 'string') {
          expect(told).toBe(lost);
          break;
        }
        seen.push(told.event.id);
        ({ cursor } = told);
        if (who === staff) cursors.push({ cursor, id: told.event.id });
        if (told.order !== null && told.order.id === last.order) {
          await following.stop();
          return seen;
        }
      }
      await following.stop();
    }
  }

  const kill = () =>
    orders.admin(
      `select pg_terminate_backend(pid) from (select pid from pg_stat_activity where datname = current_database() and application_name = 'test' order by random() limit 1) one`,
    );
  const killEvery = Math.max(1, Math.floor((writers * ordersEach) / kills));

  async function place(input: object): Promise<string> {
    const stable = { idempotencyKey: key(), currency: 'EUR', lines: [line()], ...input };
    for (;;) {
      const answer = await desk.staff.run<{ orderCreate: { order: { id: string } } }>(
        'mutation ($input: OrderCreateInput!) { orderCreate(input: $input) { order { id } userErrors { code } } }',
        { input: stable },
      );
      const id = answer.data?.orderCreate?.order?.id;
      if (id !== undefined && id !== null) return id;
      expect(answer.errors?.map(({ extensions }) => extensions?.['code'])).toContain(lost);
    }
  }

  const following: Promise<{ who: typeof staff; behind: string | null; seen: string[] }>[] = [];
  const begin = (who: typeof staff, from: { cursor: string; id: string } | undefined) =>
    following.push(follow(who, from?.cursor ?? null).then((seen) => ({ who, behind: from?.id ?? null, seen })));
  const start = { cursor: beginning(desk.storeId), id: 'none' };
  begin(staff, start);
  begin(shopper, start);
  const moments = new Set(Array.from({ length: followers }, () => randomInt(1, writers * ordersEach)));

  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let count = 0; count < ordersEach; count += 1) {
        await place(writer % 2 === 0 ? { customerId } : {});
        written += 1;
        if (moments.has(written))
          begin(written % 3 === 0 ? shopper : staff, written % 2 === 0 ? cursors[randomInt(Math.max(1, cursors.length))] : undefined);
        if (written % killEvery === 0) await kill();
      }
    }),
  );
  last.order = await place({ customerId });

  const all = await Promise.all(following);
  const rows = await orders.admin<{ id: string; shown: boolean }>(
    `select id::text, not internal and customer_id is not distinct from $2::uuid as shown from orders.order_events where store_id = $1::uuid order by position`,
    [toUuid(desk.storeId), toUuid(customerId)],
  );
  const whole = rows.map(({ id, shown }) => ({ id: fromUuid('oev', id), shown }));
  expect(whole.length).toBe(writers * ordersEach + 2);
  for (const { who, behind, seen } of all) {
    const visible = (from: number) =>
      whole
        .slice(from)
        .filter(({ shown }) => who === staff || shown)
        .map(({ id }) => id);
    const expected = behind === null ? visible(0).slice(-seen.length) : visible(whole.findIndex(({ id }) => id === behind) + 1);
    expect(seen).toEqual(expected);
  }
}
