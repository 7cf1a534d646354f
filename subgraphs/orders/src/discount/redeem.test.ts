import { newId, toUuid, type CustomerId, type Id, type Result } from '@storegraph/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ordersHarness, type Desk } from '../../test/desk.ts';
import { applied, automatic, discountOf, evaluate, orderOf, reasons } from '../../test/discounts.ts';
import type { DiscountRefusal } from './discount.ts';
import { redeemDiscounts, releaseRedemptions } from './redeem.ts';

const orders = await ordersHarness({ poolSize: 20 });
const desk = orders.desk();

const orderIds = async (count: number, at: Desk = desk) => Promise.all(Array.from({ length: count }, async () => (await at.order()).id));

/** Uses codes for an order, as placing one does. */
const redeem = (orderId: Id<'ord'>, codes: readonly string[], customerId: CustomerId | null = null, at: Desk = desk) =>
  at.write(async (tx) => {
    const now = new Date();
    return redeemDiscounts(tx, orderOf(orderId, customerId), await applied(tx, { codes, customerId, at: now }), now);
  });

/** The same for an order whose codes were looked up a moment before. */
const redeemLater = async (orderId: Id<'ord'>, codes: readonly string[], customerId: CustomerId | null = null) => {
  const known = await desk.write((tx) => applied(tx, { codes, customerId }));
  return () => desk.write((tx) => redeemDiscounts(tx, orderOf(orderId, customerId), known, new Date()));
};
const release = (orderId: Id<'ord'>) => desk.write((tx) => releaseRedemptions(tx, orderId, new Date()));

const reasonOf = (result: Result<void, DiscountRefusal>) => (result.ok ? 'OK' : result.problems[0]?.code);
const sorted = (codes: readonly (string | undefined)[]) => codes.map(String).toSorted();
const uses = async (id: Id<'dsc'>) => {
  const [row] = await orders.admin<{ discount: number; codes: number; customers: number; held: number }>(
    `select d.used as discount,
       (select coalesce(sum(c.used), 0)::int from orders.discount_codes c where c.discount_id = d.id) as codes,
       (select coalesce(sum(c.used), 0)::int from orders.discount_customers c where c.discount_id = d.id) as customers,
       (select count(*)::int from orders.discount_redemptions r where r.discount_id = d.id and r.released_at is null) as held
     from orders.discounts d where d.id = $1`,
    [toUuid(id)],
  );
  return row;
};

let spare: Id<'ord'>[];
beforeAll(async () => {
  spare = await orderIds(20);
});

describe('a use', () => {
  it('is counted on the discount, its code and the customer, and told once, with its words and amounts', async () => {
    const { id, code } = await discountOf(desk);
    const customerId = await desk.customer();
    const [orderId] = await orderIds(1);
    expect(reasonOf(await redeem(orderId ?? 'ord_', [code], customerId))).toBe('OK');
    expect(await uses(id)).toEqual({ discount: 1, codes: 1, customers: 1, held: 1 });
    const { order } = await desk.staff.data<{ order: unknown }>(
      'query ($id: ID!) { order(id: $id) { discounts { label code amount { amount currency } shipping { amount } releasedAt discount { id } customer { id } order { id } } } }',
      { id: orderId },
    );
    expect(order).toEqual({
      discounts: [
        {
          label: 'Ten off',
          code,
          amount: { amount: 250, currency: 'EUR' },
          shipping: { amount: 0 },
          releasedAt: null,
          discount: { id },
          customer: { id: customerId },
          order: { id: orderId },
        },
      ],
    });
    const told = await orders.admin(
      `select type, payload->>'discountId' as id from events.log where aggregate = $1 and type like 'discount.%'`,
      [orderId],
    );
    expect(told).toEqual([{ type: 'discount.redeemed', id }]);
  });

  it('is taken once by an order, however often it asks', async () => {
    const { id, code } = await discountOf(desk);
    const [orderId = 'ord_' as const] = await orderIds(1);
    const again = await Promise.all(Array.from({ length: 5 }, () => redeemLater(orderId, [code])));
    expect((await Promise.all(again.map((act) => act()))).map(reasonOf)).toEqual(Array(5).fill('OK'));
    expect(await uses(id)).toEqual({ discount: 1, codes: 1, customers: 0, held: 1 });
  });

  it('of a code that has one is taken by one of 20 orders at once', async () => {
    const { id, code } = await discountOf(desk, { usageLimit: 1 });
    const acts = await Promise.all(spare.map((orderId) => redeemLater(orderId, [code])));
    const answers = (await Promise.all(acts.map((act) => act()))).map(reasonOf);
    expect(sorted(answers)).toEqual(['OK', ...Array<string>(19).fill('USAGE_LIMIT_REACHED')]);
    expect(await uses(id)).toEqual({ discount: 1, codes: 1, customers: 0, held: 1 });
    expect(await reasons(desk, { codes: [code] })).toEqual(['USAGE_LIMIT_REACHED']);
  });

  it("is held by the code's own limit as well", async () => {
    const { id } = await discountOf(desk);
    const { code } = await desk.mutate<{ code: { code: string } }>('discountCodeCreate', { discountId: id, usageLimit: 2 });
    const acts = await Promise.all(spare.map((orderId) => redeemLater(orderId, [code.code])));
    const answers = (await Promise.all(acts.map((act) => act()))).map(reasonOf);
    expect(answers.filter((answer) => answer === 'OK')).toHaveLength(2);
    expect(await uses(id)).toEqual({ discount: 2, codes: 2, customers: 0, held: 2 });
  });

  it("is one customer's at most as often as one customer may, of 20 orders at once, and another's besides", async () => {
    const { id, code } = await discountOf(desk, { customerLimit: 2 });
    const [one, other] = [await desk.customer(), await desk.customer()];
    const acts = await Promise.all(spare.map((orderId, index) => redeemLater(orderId, [code], index === 0 ? other : one)));
    const answers = (await Promise.all(acts.map((act) => act()))).map(reasonOf);
    expect(answers[0]).toBe('OK');
    expect(sorted(answers.slice(1))).toEqual([...Array<string>(17).fill('CUSTOMER_LIMIT_REACHED'), 'OK', 'OK']);
    expect(await uses(id)).toEqual({ discount: 3, codes: 3, customers: 3, held: 3 });
    expect(await reasons(desk, { codes: [code], customerId: one })).toEqual(['CUSTOMER_LIMIT_REACHED']);
    expect(await reasons(desk, { codes: [code], customerId: other })).toEqual([]);
  });

  it('is refused once the discount or the code has been switched off, has ended or been put away since', async () => {
    const [orderId = 'ord_' as const] = spare;
    const refusedAfter = async (name: string, input: (made: { id: string; codeId: string }) => object, extra: object = {}) => {
      const { id, code } = await discountOf(desk, extra);
      const act = await redeemLater(orderId, [code]);
      const found = await desk.staff.data<{ discount: { code: { id: string } } }>(
        'query ($id: ID!, $code: String!) { discount(id: $id) { code(code: $code) { id } } }',
        { id, code },
      );
      expect((await desk.mutate(name, input({ id, codeId: found.discount.code.id }))).userErrors).toEqual([]);
      const answer = reasonOf(await act());
      expect(await uses(id)).toEqual({ discount: 0, codes: 0, customers: 0, held: 0 });
      return answer;
    };
    expect(await refusedAfter('discountDisable', ({ id }) => ({ discountId: id }))).toBe('DISABLED');
    expect(await refusedAfter('discountArchive', ({ id }) => ({ discountId: id }))).toBe('UNKNOWN_CODE');
    expect(await refusedAfter('discountCodeDisable', ({ codeId }) => ({ codeId }))).toBe('DISABLED');
    const past = { startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-02-01T00:00:00Z' };
    expect(await refusedAfter('discountUpdate', ({ id }) => ({ discountId: id, ...past }))).toBe('EXPIRED');
    expect(await refusedAfter('discountUpdate', ({ id }) => ({ discountId: id, startsAt: '2126-01-01T00:00:00Z' }))).toBe('NOT_STARTED');
  });

  it('takes nothing of any discount when one of several is refused', async () => {
    const [first = 'ord_' as const, second = 'ord_' as const] = await orderIds(2);
    const [free, last] = [
      await automatic(desk, { combinesWith: ['ORDER'] }),
      await discountOf(desk, { usageLimit: 1, combinesWith: ['ORDER'] }),
    ];
    const act = await redeemLater(second, [last.code]);
    expect(reasonOf(await redeem(first, [last.code]))).toBe('OK');
    expect(reasonOf(await act())).toBe('USAGE_LIMIT_REACHED');
    expect(await uses(free.id)).toEqual({ discount: 1, codes: 0, customers: 0, held: 1 });
    await desk.mutate('discountArchive', { discountId: free.id });
  });
});

describe('a release', () => {
  it('gives each use back exactly once of 20 at once, and what came back can be used again', async () => {
    const { id, code } = await discountOf(desk, { usageLimit: 1, customerLimit: 1 });
    const customerId = await desk.customer();
    const [first = 'ord_' as const, second = 'ord_' as const] = await orderIds(2);
    expect(reasonOf(await redeem(first, [code], customerId))).toBe('OK');
    const given = await Promise.all(Array.from({ length: 20 }, () => release(first)));
    expect(given.filter((count) => count === 1)).toHaveLength(1);
    expect(given.filter((count) => count === 0)).toHaveLength(19);
    expect(await uses(id)).toEqual({ discount: 0, codes: 0, customers: 0, held: 0 });
    expect(reasonOf(await redeem(second, [code], customerId))).toBe('OK');
    expect(await release(first)).toBe(0);
    expect(await uses(id)).toEqual({ discount: 1, codes: 1, customers: 1, held: 1 });
    const told = await orders.admin<{ type: string }>(
      `select type from events.log where aggregate = $1 and type like 'discount.%' order by ordinal`,
      [first],
    );
    expect(told.map(({ type }) => type)).toEqual(['discount.redeemed', 'discount.released']);
  });

  it('and another use by the same order follow one another, however they meet', async () => {
    const { id, code } = await discountOf(desk, { usageLimit: 1 });
    const [orderId = 'ord_' as const] = await orderIds(1);
    const act = await redeemLater(orderId, [code]);
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? act() : release(orderId))));
    const now = await uses(id);
    expect([
      { discount: 0, codes: 0, customers: 0, held: 0 },
      { discount: 1, codes: 1, customers: 0, held: 1 },
    ]).toContainEqual(now);
    await release(orderId);
    expect(await uses(id)).toEqual({ discount: 0, codes: 0, customers: 0, held: 0 });
  });

  it('of an order that used nothing, or of another store, gives nothing back', async () => {
    const { id, code } = await discountOf(desk);
    const [orderId = 'ord_' as const] = await orderIds(1);
    await redeem(orderId, [code]);
    expect(await release(newId('ord'))).toBe(0);
    expect(await orders.desk().write((tx) => releaseRedemptions(tx, orderId, new Date()))).toBe(0);
    expect(await uses(id)).toEqual({ discount: 1, codes: 1, customers: 0, held: 1 });
  });
});

describe('the database', () => {
  it('holds every counter between zero and its limit', async () => {
    const { id, code } = await discountOf(desk, { usageLimit: 1, customerLimit: 1 });
    await redeem(spare[0] ?? 'ord_', [code], await desk.customer());
    for (const [table, key] of [
      ['discounts', 'id'],
      ['discount_codes', 'discount_id'],
      ['discount_customers', 'discount_id'],
    ]) {
      const change = (used: number) =>
        orders.admin(`update orders.${table} set usage_limit = 1, used = ${used} where ${key} = $1`, [toUuid(id)]);
      await expect(change(2)).rejects.toThrow('used_check');
      await expect(change(-1)).rejects.toThrow('used_check');
    }
  });

  it('is asked by nobody who sees but a part of the counters', async () => {
    const db = orders.pool.session({
      domain: 'orders',
      identity: { kind: 'CUSTOMER', storeId: desk.storeId, subjectId: newId('cus'), sessionId: null, permissions: [] },
      correlationId: 'x',
      origin: 'LIVE',
    });
    await expect(db.read((tx) => applied(tx, {}))).rejects.toThrow('A shopper');
    await db.end();
  });
});

it('evaluating takes nothing', async () => {
  const { id, code } = await discountOf(desk, { usageLimit: 1 });
  for (let times = 0; times < 3; times += 1) expect((await evaluate(desk, { codes: [code] })).refused).toEqual([]);
  expect(await uses(id)).toEqual({ discount: 0, codes: 0, customers: 0, held: 0 });
});
