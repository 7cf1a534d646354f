import { expect, it } from 'vitest';
import { brokenRules } from './books.ts';
import { ordersHarness } from './desk.ts';
import { discountOf } from './discounts.ts';
import { interleave } from './interleave.ts';

const orders = await ordersHarness();
const desk = orders.desk();

it('keeps the books of many orders whose commands fall together, with one code among all of them', async () => {
  const { code } = await discountOf(desk);
  await Promise.all(Array.from({ length: 6 }, () => interleave(orders, desk, { rounds: 25, width: 10, code })));
  expect(await brokenRules(orders)).toEqual([]);
}, 180_000);
