import { beforeAll, it } from 'vitest';
import { ordersHarness, type OrdersHarness } from './desk.ts';
import { raceOfFollowers } from './live-race.ts';

let orders: OrdersHarness;
beforeAll(async () => {
  orders = await ordersHarness({ poolSize: 20 });
});

it('tells 40 followers everything once and in one order, while 8 writers write and 60 backends are killed', async () => {
  await raceOfFollowers(orders, { writers: 8, ordersEach: 30, followers: 40, kills: 60 });
});
