import type { Id } from '@storegraph/core';
import { expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const selection = 'order { id possibleDuplicates { id } }';
const place = async (rest: object = {}) =>
  (
    await desk.mutate<{ order: { id: Id<'ord'>; possibleDuplicates: { id: string }[] } }>(
      'orderCreate',
      { idempotencyKey: key(), currency: 'EUR', lines: [line(), line({ name: 'Wick' })], ...rest },
      selection,
    )
  ).order;

it('says of a new order which others of the same person want the same things, in whatever order they are listed', async () => {
  const customerId = await desk.customer();
  const contact = { email: 'ada@example.com' };
  const first = await place({ customerId, contact });
  expect(first.possibleDuplicates).toEqual([]);
  const same = await place({ customerId, lines: [line({ name: 'Wick' }), line()] });
  const mailed = await place({ contact: { email: 'ADA@example.com' } });
  expect(same.possibleDuplicates).toEqual([{ id: first.id }]);
  expect(mailed.possibleDuplicates).toEqual([{ id: first.id }]);
  for (const other of [
    { customerId, lines: [line(), line({ name: 'Wick', quantity: 3 })] },
    { customerId, shipping: 1 },
    { customerId, currency: 'USD' },
    { customerId: await desk.customer() },
    { contact: { email: 'grace@example.com' } },
    {},
    { customerId, placedAt: new Date(Date.now() - 2 * 86_400_000).toISOString() },
  ]) {
    expect((await place(other)).possibleDuplicates).toEqual([]);
  }
  await desk.mutate('orderCancel', { orderId: first.id, reason: 'CUSTOMER', idempotencyKey: key() });
  expect((await place({ contact })).possibleDuplicates).toEqual([{ id: mailed.id }]);
});

it('tells at most ten, and takes two statements for any number of orders', async () => {
  const customerId = await desk.customer();
  const placed = [];
  for (let made = 0; made < 13; made += 1) placed.push((await place({ customerId, shipping: 7 })).id);
  const ask = async (first: number) => {
    orders.statements();
    const { orders: page } = await desk.staff.data<{ orders: { nodes: { possibleDuplicates: object[] }[] } }>(
      'query ($first: Int!, $id: ID!) { orders(first: $first, filter: { customerId: $id }) { nodes { possibleDuplicates { id } } } }',
      { first, id: customerId },
    );
    const sent = orders.statements().filter((statement) => /^\s*select (?!set_config)/.test(statement));
    return { counts: page.nodes.map((node) => node.possibleDuplicates.length), sent: sent.length };
  };
  const one = await ask(1);
  expect(one.counts).toEqual([10]);
  expect(await ask(13)).toEqual({ counts: Array.from({ length: 13 }, () => 10), sent: one.sent });
});
