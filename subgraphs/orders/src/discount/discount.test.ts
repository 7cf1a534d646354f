import type { Identity } from '@storegraph/auth';
import { movableClock, newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { ordersHarness, type Desk } from '../../test/desk.ts';
import { applied, automatic, discountOf, evaluate, orderOf, reasons } from '../../test/discounts.ts';
import { forgetGuesses } from './jobs.ts';
import { redeemDiscounts } from './redeem.ts';
import { freeMisses, windowMs } from './shopper.ts';

const clock = movableClock(new Date('2026-06-01T00:00:00Z'));
const orders = await ordersHarness({ clock, poolSize: 30 });
const at = clock.now();
const later = (days: number) => new Date(at.getTime() + days * 86_400_000);

const lines = [{ sku: 'A-1', productId: 'lantern', quantity: 2, unitPrice: 1250 }];
const question = `query ($input: DiscountCheckInput!) { discountCheck(input: $input) {
  discount { amount currency } applied { label code amount { amount } lines { amount } shipping { amount } } codes { code applied amount { amount } reason } } }`;
type Check = { discountCheck: { discount: { amount: number }; codes: { code: string; applied: boolean; reason: string | null }[] } };
const check = async (client: { data: Desk['staff']['data'] }, input: object) =>
  (await client.data<Check>(question, { input: { lines, currency: 'EUR', ...input } })).discountCheck;

describe('why a code is refused', () => {
  it('is said by a code for each reason', async () => {
    const desk = orders.desk();
    const codeOf = async (input: object) => (await discountOf(desk, input)).code;
    const reason = async (input: object, rest: object = {}) =>
      (await reasons(desk, { at, codes: [await codeOf(input)], ...rest }))[0] ?? 'APPLIED';
    expect(await reasons(desk, { at, codes: ['nobody has this', '', 'x'.repeat(1000)] })).toEqual(Array(3).fill('UNKNOWN_CODE'));
    expect(await reason({})).toBe('APPLIED');
    expect(await reason({ startsAt: later(1).toISOString() })).toBe('NOT_STARTED');
    expect(await reason({ startsAt: later(-2).toISOString(), endsAt: at.toISOString() })).toBe('EXPIRED');
    expect(await reason({ customerLimit: 1 })).toBe('CUSTOMER_REQUIRED');
    expect(await reason({ customerLimit: 1 }, { customerId: newId('cus') })).toBe('APPLIED');
    expect(await reason({ amounts: [{ currency: 'EUR', minimumSubtotal: 2501 }] })).toBe('MINIMUM_SUBTOTAL_NOT_MET');
    expect(await reason({ amounts: [{ currency: 'EUR', minimumSubtotal: 2500 }] })).toBe('APPLIED');
    expect(await reason({ minimumQuantity: 3 })).toBe('MINIMUM_QUANTITY_NOT_MET');
    expect(await reason({ amounts: [{ currency: 'USD' }] })).toBe('CURRENCY_MISMATCH');
    expect(await reason({ targetSkus: ['B-1'] })).toBe('NO_ELIGIBLE_LINE');
    expect(await reason({ kind: 'FREE_SHIPPING', basisPoints: null }, { shipping: 0n })).toBe('NOTHING_TO_DISCOUNT');
  });

  it('is also that it can not stand beside one before it, or is the same discount again', async () => {
    const desk = orders.desk();
    const [alone, social] = [await discountOf(desk), await discountOf(desk, { combinesWith: ['ORDER'] })];
    const twin = await desk.mutate<{ code: { code: string } }>('discountCodeCreate', { discountId: social.id });
    const friend = await discountOf(desk, { combinesWith: ['ORDER'], basisPoints: 5000, priority: 1 });
    expect(await reasons(desk, { at, codes: [alone.code, social.code] })).toEqual(['NOT_COMBINABLE']);
    expect(await reasons(desk, { at, codes: [social.code, twin.code.code] })).toEqual(['ALREADY_APPLIED']);
    const both = await evaluate(desk, { at, codes: [social.code, friend.code] });
    expect(both).toMatchObject({
      refused: [],
      applied: [
        { code: friend.code, amounts: [1250n] },
        { code: social.code, amounts: [125n] },
      ],
    });
  });
});

describe('automatic discounts', () => {
  it('are given in the combination that takes most off, and stay away from a code that stands alone', async () => {
    const desk = orders.desk();
    await automatic(desk, { title: 'Ten', combinesWith: ['SHIPPING'] });
    await automatic(desk, { title: 'Twelve', basisPoints: 1200 });
    await automatic(desk, { title: 'Sent free', kind: 'FREE_SHIPPING', basisPoints: null, combinesWith: ['ORDER'] });
    await automatic(desk, { title: 'For others', customerLimit: 1 });
    await automatic(desk, { title: 'Too early', startsAt: later(1).toISOString(), basisPoints: 9000 });
    const labels = async (rest: object) => (await evaluate(desk, { at, ...rest })).applied.map(({ label }) => label);
    // 10 % of 25.00 with 5.00 for sending beat 12 %.
    expect((await labels({})).toSorted()).toEqual(['Sent free', 'Ten']);
    expect(await labels({ shipping: 0n })).toEqual(['Twelve']);
    const { code } = await discountOf(desk, { title: 'One off', basisPoints: 100 });
    expect(await labels({ codes: [code] })).toEqual(['One off']);
  });
});

describe('discountCheck', () => {
  it('tells what a basket is given, line by line, and uses nothing up', async () => {
    const desk = orders.desk();
    const { id, code } = await discountOf(desk, { usageLimit: 1 });
    const typed = code.toLowerCase();
    const answer = await check(desk.staff, { codes: [typed, 'nothing'], shipping: 500 });
    expect(answer).toEqual({
      discount: { amount: 250, currency: 'EUR' },
      applied: [{ label: 'Ten off', code, amount: { amount: 250 }, lines: [{ amount: 250 }], shipping: { amount: 0 } }],
      codes: [
        { code: typed, applied: true, amount: { amount: 250 }, reason: null },
        { code: 'nothing', applied: false, amount: { amount: 0 }, reason: 'UNKNOWN_CODE' },
      ],
    });
    expect(await desk.staff.data('query ($id: ID!) { discount(id: $id) { used } }', { id })).toEqual({ discount: { used: 0 } });
  });

  it('answers shoppers of themselves alone, by counters that they can not see', async () => {
    const desk = orders.desk();
    const { code } = await discountOf(desk, { customerLimit: 1 });
    const [one, other] = [await desk.customer(), await desk.customer()];
    const order = await desk.order();
    await desk.write(async (tx) =>
      redeemDiscounts(tx, orderOf(order.id, one), await applied(tx, { at, codes: [code], customerId: one }), at),
    );
    const asked = async (who: Parameters<Desk['as']>[0], rest: object = {}) =>
      (await check(desk.as(who), { codes: [code], ...rest })).codes[0]?.reason;
    expect(await asked(identity.customer(desk.storeId, one), { customerId: other })).toBe('CUSTOMER_LIMIT_REACHED');
    expect(await asked(identity.customer(desk.storeId, other), { customerId: one })).toBeNull();
    expect(await asked(identity.anonymous(desk.storeId), { customerId: other })).toBe('CUSTOMER_REQUIRED');
    expect(await asked(identity.staff(desk.storeId), { customerId: one })).toBe('CUSTOMER_LIMIT_REACHED');
    expect(await asked(identity.anonymous(orders.desk().storeId))).toBe('UNKNOWN_CODE');
    expect(await desk.as(identity.anonymous()).data(question, { input: { lines } })).toEqual({ discountCheck: null });
  });

  it('refuses a basket that can not be, and says where', async () => {
    const desk = orders.desk();
    const refused = async (input: object) => (await desk.staff.run(question, { input })).errors?.map(({ message }) => message);
    expect(await refused({ lines })).toEqual(["The store's currency is not known yet: name one."]);
    expect(await refused({ lines: [], currency: 'EUR' })).toEqual(['lines: There is nothing to discount.']);
    expect(await refused({ lines: [{ quantity: 0, unitPrice: 1 }], currency: 'EUR' })).toEqual(['lines.0.quantity: Must be at least 1.']);
    expect(await refused({ lines: [{ quantity: 1, unitPrice: 1, discount: 2 }], currency: 'EUR' })).toEqual([
      'lines: A discount is higher than its line.',
    ]);
    expect(await refused({ lines, currency: 'EUR', codes: Array(11).fill('x') })).toEqual(['codes: Must have at most 10 items.']);
  });

  it('lets a shopper guess so often and no more, all at once or one by one, and nobody else pays for it', async () => {
    const desk = orders.desk();
    const { code } = await discountOf(desk);
    const from = (ip: string, who: Identity) => async (codes: string[]) => {
      const variables = { input: { lines, currency: 'EUR', codes } };
      const { errors = [] } = await orders.runtime.execute({ query: question, variables, identity: who, requestId: newId('req'), ip });
      return errors.map(({ extensions }) => extensions?.['code']);
    };
    const thief = from('2001:db8:1:2::1', identity.customer(desk.storeId));
    const tried = await Promise.all(Array.from({ length: 30 }, (_, index) => thief([`guess ${index}`])));
    expect(tried.filter((errors) => errors.length === 0)).toHaveLength(freeMisses);
    expect(new Set(tried.flat())).toEqual(new Set(['RATE_LIMITED']));
    expect(await thief([code])).toEqual(['RATE_LIMITED']);
    // Another account, another address of the network that is all theirs: accounts are for the asking, and addresses too.
    expect(await from('2001:db8:1:2::2', identity.customer(desk.storeId))([code])).toEqual(['RATE_LIMITED']);
    expect(await from('2001:db8:1:2:3::4', identity.anonymous(desk.storeId))([code])).toEqual(['RATE_LIMITED']);
    expect(await from('2001:db8:1:3::1', identity.customer(desk.storeId))([code])).toEqual([]);
    expect(await from('192.0.2.1', identity.anonymous(desk.storeId))([code])).toEqual([]);
    expect(await thief([])).toEqual([]);
    clock.advance(windowMs);
    expect(await thief([code])).toEqual([]);
    clock.set(at);
    expect(await orders.admin('select count(*)::int as guessers from orders.discount_guesses where misses = $1', [freeMisses])).toEqual([
      { guessers: 1 },
    ]);
  });
});

it('forgets old guesses of every store, and no others', async () => {
  const old = orders.desk();
  await check(old.as(identity.customer(old.storeId)), { codes: ['x'] });
  clock.advance(windowMs);
  const fresh = orders.desk();
  await check(fresh.as(identity.customer(fresh.storeId)), { codes: ['x', 'y'] });
  await orders.runJob(forgetGuesses);
  clock.set(at);
  expect(await orders.admin('select misses from orders.discount_guesses')).toEqual([{ misses: 2 }]);
});

describe('discounts', () => {
  it('lists by status, method, and a part of the title or a code, newest first', async () => {
    const desk = orders.desk();
    const make = async (title: string, input: object = {}) => (await discountOf(desk, { title, ...input })).id;
    const made = {
      scheduled: await make('Summer starts', { startsAt: later(5).toISOString() }),
      active: await make('Summer sale'),
      exhausted: await make('Only one', { usageLimit: 1 }),
      expired: await make('Winter sale', { startsAt: later(-5).toISOString(), endsAt: later(-1).toISOString() }),
      disabled: await make('Off'),
      archived: await make('Gone', { code: 'gone-1' }),
      automatic: (await automatic(desk, { title: 'Always' })).id,
    };
    await orders.admin(`update orders.discounts set used = 1 where title = 'Only one'`);
    await desk.mutate('discountDisable', { discountId: made.disabled });
    await desk.mutate('discountArchive', { discountId: made.archived });
    const ids = async (filter: object | null) =>
      (
        await desk.staff.data<{ discounts: { nodes: { id: string }[]; totalCount: number } }>(
          'query ($filter: DiscountFilter) { discounts(filter: $filter) { totalCount nodes { id } } }',
          { filter },
        )
      ).discounts.nodes.map(({ id }) => id);
    for (const [status, id] of Object.entries(made).filter(([name]) => name !== 'automatic' && name !== 'active'))
      expect(await ids({ status: [status.toUpperCase()] }), status).toEqual([id]);
    expect(await ids({ status: ['ACTIVE'] })).toEqual([made.automatic, made.active]);
    expect(await ids({ status: [] })).toEqual([]);
    expect(await ids(null)).toEqual([made.automatic, made.disabled, made.expired, made.exhausted, made.active, made.scheduled]);
    expect(await ids({ method: 'AUTOMATIC' })).toEqual([made.automatic]);
    expect(await ids({ query: ' SUMMER ' })).toEqual([made.active, made.scheduled]);
    expect(await ids({ query: '%' })).toEqual([]);
    expect(await ids({ query: 'GONE-1', status: ['ARCHIVED'] })).toEqual([made.archived]);
    const pages = await desk.staff.data<{ discounts: { pageInfo: { endCursor: string; hasNextPage: boolean } } }>(
      '{ discounts(first: 4) { pageInfo { endCursor hasNextPage } } }',
    );
    expect(pages.discounts.pageInfo.hasNextPage).toBe(true);
    const rest = await desk.staff.data('query ($after: String) { discounts(first: 4, after: $after) { nodes { id } } }', {
      after: pages.discounts.pageInfo.endCursor,
    });
    expect(rest).toEqual({ discounts: { nodes: [{ id: made.active }, { id: made.scheduled }] } });
    expect(await desk.staff.codes('{ discounts(first: 101) { nodes { id } } }')).toEqual(['BAD_REQUEST']);
  });

  it('shows the orders that used one, newest first, to staff; a customer sees what their order used', async () => {
    const desk = orders.desk();
    const { id, code } = await discountOf(desk);
    const customerId = await desk.customer();
    const placed = [await desk.order({ customerId }), await desk.order()];
    for (const [index, order] of placed.entries()) {
      const now = later(index);
      const whose = index === 0 ? customerId : null;
      await desk.write(async (tx) =>
        redeemDiscounts(tx, orderOf(order.id, whose), await applied(tx, { at: now, codes: [code], customerId: whose }), now),
      );
    }
    const { discount } = await desk.staff.data(
      'query ($id: ID!) { discount(id: $id) { used redemptions { totalCount nodes { order { id } customer { id } redeemedAt } } } }',
      { id },
    );
    expect(discount).toEqual({
      used: 2,
      redemptions: {
        totalCount: 2,
        nodes: [
          { order: { id: placed[1]?.id }, customer: null, redeemedAt: later(1).toISOString() },
          { order: { id: placed[0]?.id }, customer: { id: customerId }, redeemedAt: at.toISOString() },
        ],
      },
    });
    const shopper = desk.as(identity.customer(desk.storeId, customerId));
    expect(
      await shopper.data('query ($id: ID!) { order(id: $id) { discounts { label code amount { amount } } } }', { id: placed[0]?.id }),
    ).toEqual({
      order: { discounts: [{ label: 'Ten off', code, amount: { amount: 250 } }] },
    });
    expect(await shopper.codes('query ($id: ID!) { order(id: $id) { discounts { discount { id } } } }', { id: placed[0]?.id })).toEqual([
      'FORBIDDEN',
    ]);
    expect(await shopper.codes('query ($id: ID!) { discount(id: $id) { id } }', { id })).toEqual(['FORBIDDEN']);
  });
});
