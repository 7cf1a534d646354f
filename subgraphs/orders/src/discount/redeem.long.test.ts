import type { Id } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../test/desk.ts';
import { applied, discountOf, orderOf } from '../../test/discounts.ts';
import { redeemDiscounts, releaseRedemptions } from './redeem.ts';

const atOnce = 40;
const orders = await ordersHarness({ poolSize: atOnce });
const desk = orders.desk();
const clients = 200;

const orderIds: Id<'ord'>[] = [];
for (let made = 0; made < clients; made += 20)
  orderIds.push(...(await Promise.all(Array.from({ length: 20 }, async () => (await desk.order()).id))));

/** Runs all of them, as many at a time as there are connections: on a slow machine nobody then waits too long for one. */
async function crowd<T, R>(list: readonly T[], act: (each: T) => Promise<R>): Promise<R[]> {
  const queue = list.values();
  const results: R[] = [];
  const worker = async () => {
    for (const each of queue) results.push(await act(each));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

const used = async (id: string) =>
  (await desk.staff.data<{ discount: { used: number } }>('query ($id: ID!) { discount(id: $id) { used } }', { id })).discount.used;

describe('of 200 orders 40 at a time', () => {
  it('which share a code that has one use, one gets it', async () => {
    const { id, code } = await discountOf(desk, { usageLimit: 1 });
    const now = new Date();
    const known = await desk.write((tx) => applied(tx, { codes: [code], at: now }));
    const answers = await crowd(orderIds, (orderId) => desk.write((tx) => redeemDiscounts(tx, orderOf(orderId), known, now)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await used(id)).toBe(1);
  });

  it('of one customer with a limit of three, three get it', async () => {
    const { id, code } = await discountOf(desk, { customerLimit: 3 });
    const customerId = await desk.customer();
    const now = new Date();
    const known = await desk.write((tx) => applied(tx, { codes: [code], customerId, at: now }));
    const answers = await crowd(orderIds, (orderId) => desk.write((tx) => redeemDiscounts(tx, orderOf(orderId, customerId), known, now)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
    expect(await used(id)).toBe(3);
  });

  it('use and give back two discounts, the same one twice at once, and never get stuck, never pass the limit, and end where they began', async () => {
    const both = { usageLimit: 10, combinesWith: ['ORDER'] };
    const made = [await discountOf(desk, both), await discountOf(desk, both)];
    const now = new Date();
    const known = await desk.write((tx) => applied(tx, { codes: made.map(({ code }) => code), at: now }));
    const some = orderIds.slice(0, 50);
    const act = async (orderId: Id<'ord'>) => {
      for (let times = 0; times < 4; times += 1) {
        await desk.write((tx) => redeemDiscounts(tx, orderOf(orderId), times % 2 === 0 ? known : known.toReversed(), now));
        await desk.write((tx) => releaseRedemptions(tx, orderId, now));
      }
    };
    await crowd([...some, ...some], act);
    expect(await Promise.all(made.map(({ id }) => used(id)))).toEqual([0, 0]);
  });
});
