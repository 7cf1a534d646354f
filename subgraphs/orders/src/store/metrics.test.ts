import { expect, it } from 'vitest';
import { emit, storeCreated } from '@storegraph/events';
import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { key, line, ordersHarness } from '../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const totals = 'totalOrders totalSpent { amount currency } totalRefunded { amount currency } averageOrderValue { amount }';
const query = (args: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Store { orderMetrics(${args}) { timeZone ${totals} periods { start end ${totals} } } } } }`;
const representations = [{ __typename: 'Store', id: desk.storeId }];
const ask = async (args: string, client = desk.staff) =>
  (await client.data<{ _entities: [{ orderMetrics: unknown } | null] }>(query(args), { representations }))._entities[0];

const sold = (placedAt: string, unitPrice: number, currency = 'EUR') =>
  desk.order({ placedAt, currency, lines: [line({ quantity: 1, unitPrice })] });
const none = { totalOrders: 0, totalSpent: [], totalRefunded: [], averageOrderValue: [] };

it('cuts days at midnight of the time zone, over a change of the clocks, and shows days without orders', async () => {
  await sold('2026-03-28T22:59:59Z', 100);
  await sold('2026-03-28T23:00:00Z', 200);
  await sold('2026-03-29T21:59:59Z', 301);
  await sold('2026-03-29T22:00:00Z', 400, 'USD');
  expect(await ask('from: "2026-03-28", to: "2026-03-31", timeZone: "Europe/Berlin"')).toEqual({
    orderMetrics: {
      timeZone: 'Europe/Berlin',
      totalOrders: 4,
      totalSpent: [
        { amount: 601, currency: 'EUR' },
        { amount: 400, currency: 'USD' },
      ],
      totalRefunded: [],
      averageOrderValue: [{ amount: 200 }, { amount: 400 }],
      periods: [
        {
          start: '2026-03-27T23:00:00.000Z',
          end: '2026-03-28T23:00:00.000Z',
          ...none,
          totalOrders: 1,
          totalSpent: [{ amount: 100, currency: 'EUR' }],
          averageOrderValue: [{ amount: 100 }],
        },
        {
          start: '2026-03-28T23:00:00.000Z',
          end: '2026-03-29T22:00:00.000Z',
          ...none,
          totalOrders: 2,
          totalSpent: [{ amount: 501, currency: 'EUR' }],
          averageOrderValue: [{ amount: 251 }],
        },
        {
          start: '2026-03-29T22:00:00.000Z',
          end: '2026-03-30T22:00:00.000Z',
          ...none,
          totalOrders: 1,
          totalSpent: [{ amount: 400, currency: 'USD' }],
          averageOrderValue: [{ amount: 400 }],
        },
        { start: '2026-03-30T22:00:00.000Z', end: '2026-03-31T22:00:00.000Z', ...none },
      ],
    },
  });
});

it('clips the first and the last period to the span', async () => {
  const metrics = (await ask('from: "2026-01-15", to: "2026-03-10", by: MONTH, timeZone: "UTC"')) as {
    orderMetrics: { periods: { start: string; end: string }[] };
  };
  expect(metrics.orderMetrics.periods.map(({ start, end }) => [start.slice(0, 10), end.slice(0, 10)])).toEqual([
    ['2026-01-15', '2026-02-01'],
    ['2026-02-01', '2026-03-01'],
    ['2026-03-01', '2026-03-11'],
  ]);
});

it('counts refunds on the day they were made, and neither orders nor refunds of what was cancelled', async () => {
  const kept = await sold('2020-05-01T10:00:00Z', 1000);
  await desk.pay(kept, 1000);
  await desk.mutate('orderRefund', { orderId: kept.id, amount: 250, reason: 'RETURN', idempotencyKey: key() });
  const cancelled = await sold('2020-05-01T10:00:00Z', 5000);
  await desk.pay(cancelled, 5000);
  await desk.mutate('orderCancel', { orderId: cancelled.id, reason: 'STAFF', refund: true, idempotencyKey: key() });
  const today = new Date().toISOString().slice(0, 10);
  expect(await ask('from: "2020-05-01", to: "2020-05-01", timeZone: "UTC"')).toMatchObject({
    orderMetrics: { totalOrders: 1, totalSpent: [{ amount: 1000 }], totalRefunded: [] },
  });
  expect(await ask(`from: "${today}", to: "${today}", timeZone: "UTC"`)).toMatchObject({
    orderMetrics: { totalRefunded: [{ amount: 250, currency: 'EUR' }] },
  });
});

it("uses the store's own currency and time zone once its events have come", async () => {
  const storeId = newId('sto');
  const accounts = orders.pool.session({ domain: 'accounts', identity: identity.system(storeId), correlationId: 'test', origin: 'LIVE' });
  await accounts.write((tx) =>
    emit(
      tx,
      storeCreated({
        storeId,
        name: 'Nordlys',
        slug: 'nordlys',
        country: 'NO',
        currency: 'NOK',
        timezone: 'Europe/Oslo',
        defaultLanguage: 'nb',
        ownerId: newId('usr'),
      }),
    ),
  );
  await accounts.end();
  await orders.settled();
  const staff = orders.as(identity.staff(storeId));
  const answer = await staff.data(
    'mutation ($input: OrderCreateInput!) { orderCreate(input: $input) { order { currency } userErrors { code } } }',
    { input: { idempotencyKey: key(), lines: [line()] } },
  );
  expect(answer).toEqual({ orderCreate: { order: { currency: 'NOK' }, userErrors: [] } });
  const metrics = await staff.data(query('from: "2026-01-01", to: "2026-01-01"'), {
    representations: [{ __typename: 'Store', id: storeId }],
  });
  expect(metrics).toMatchObject({ _entities: [{ orderMetrics: { timeZone: 'Europe/Oslo' } }] });
});

it('is one statement, refuses what is too long or backwards, and hides other stores and those without the right', async () => {
  orders.statements();
  await ask('from: "2026-01-01", to: "2026-12-31", timeZone: "UTC"');
  expect(orders.statements().filter((statement) => statement.includes('generate_series'))).toHaveLength(1);
  expect(await desk.staff.codes(query('from: "2026-02-01", to: "2026-01-01"'), { representations })).toEqual(['BAD_REQUEST']);
  expect(await desk.staff.codes(query('from: "2000-01-01", to: "2026-01-01"'), { representations })).toEqual(['BAD_REQUEST']);
  expect(await ask('from: "2026-01-01", to: "2026-01-02"', orders.desk().staff)).toBeNull();
  const agent = desk.as(identity.staff(desk.storeId, 'AGENT'));
  expect(await agent.codes(query('from: "2026-01-01", to: "2026-01-02"'), { representations })).toContain('FORBIDDEN');
});
