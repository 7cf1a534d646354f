import { identity } from '@storegraph/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { key, line, ordersHarness, type Desk, type OrdersHarness } from './desk.ts';
import { fillStore } from './fill.ts';

const size = 1_000;
let orders: OrdersHarness;
let desk: Desk;
beforeAll(async () => {
  orders = await ordersHarness();
  desk = orders.desk();
  await fillStore(orders, desk.storeId, size);
});

/** The numbers of the orders of a filter, lowest first. */
async function numbers(filter: string, of = desk.staff): Promise<number[]> {
  const { orders: page } = await of.data<{ orders: { nodes: { number: string }[] } }>(
    `{ orders(first: 100, sort: { by: NUMBER, direction: ASC }, filter: { ${filter} }) { nodes { number } } }`,
  );
  return page.nodes.map(({ number }) => Number(number));
}

const all = Array.from({ length: size }, (_, index) => index + 1);
const those = (wanted: (n: number) => boolean) => all.filter(wanted).slice(0, 100);

describe('the list of orders', () => {
  it.each([
    ['status: [OPEN]', (n: number) => n % 100 === 0],
    ['paidFrom: "2026-01-02T00:00:10Z", paidTo: "2026-01-02T00:00:13Z"', (n: number) => n >= 10 && n < 13],
    ['updatedFrom: "2026-01-03T00:00:05Z", updatedTo: "2026-01-03T00:00:08Z"', (n: number) => [5, 6, 7].includes((n * 7919) % size)],
    ['total: { currency: "USD", from: 100, to: 130 }', (n: number) => n % 10 === 0 && n % 997 >= 100 && n % 997 <= 130],
    ['total: { currency: "EUR", from: 990 }', (n: number) => n % 10 !== 0 && n % 997 >= 990],
    ['hasNote: true', (n: number) => n % 500 === 0],
    ['hasNote: false, total: { currency: "EUR", to: 3 }', (n: number) => n % 10 !== 0 && n % 997 <= 3],
    ['source: "SHOP_3"', (n: number) => n % 10 === 3],
    ['tags: ["vip"]', (n: number) => n % 200 === 0],
    ['tags: ["vip", "unheard of"]', () => false],
    ['sku: "SKU-7"', (n: number) => n % 1000 === 7],
    ['productId: "prod-4"', (n: number) => n % 50 === 4],
    ['query: "#77"', (n: number) => n === 77],
    ['query: "X77"', (n: number) => n === 77],
    ['query: "JOHN18@example.com"', (n: number) => n === 18],
    ['query: "07900 000077"', (n: number) => n === 77],
    ['query: "sku-77"', (n: number) => n % 1000 === 77],
    ['query: "JOSÉ"', (n: number) => n % 18 === 13],
    ['query: "andr"', (n: number) => n % 18 === 3],
    ['query: "%%"', () => false],
    ['query: "andr", status: [OPEN]', (n: number) => n % 18 === 3 && n % 100 === 0],
  ])('narrowed by %s', async (filter, wanted) => {
    expect(await numbers(filter)).toEqual(those(wanted));
  });

  it('is found by a parcel, a means of payment and a discount code', async () => {
    const one = orders.desk();
    const [first, second] = [await one.order(), await one.order()];
    const { fulfillment } = await one.mutate<{ fulfillment: { id: string } }>('fulfillmentCreate', {
      idempotencyKey: key(),
      orderId: first.id,
    });
    await one.mutate('fulfillmentShip', { fulfillmentId: fulfillment.id, trackingNumber: 'JD-0042' });
    await one.pay(second, 100, { tender: 'CASH' });
    expect(await numbers('query: "jd-0042"', one.staff)).toEqual([Number(first.number)]);
    expect(await numbers('tender: [CASH]', one.staff)).toEqual([Number(second.number)]);
    expect(await numbers('tender: [TRANSFER, CARD]', one.staff)).toEqual([]);
    expect(await numbers('discountCode: "never made"', one.staff)).toEqual([]);
  });

  it('finds a customer their own by number, external id and e-mail address, and nothing of others', async () => {
    const one = orders.desk();
    const customerId = await one.customer();
    const own = await one.order({ customerId, externalId: 'E-1', contact: { name: 'Grace Hopper', email: 'grace@example.com' } });
    await one.order({ externalId: 'E-2', contact: { name: 'Grace Hopper', email: 'grace@example.com' } });
    const shopper = one.as(identity.customer(one.storeId, customerId));
    for (const [query, found] of [
      [own.number, 1],
      ['E-1', 1],
      ['E-2', 0],
      ['grace@example.com', 1],
      ['grace', 0],
    ] as const)
      expect((await numbers(`query: "${query}"`, shopper)).length, query).toBe(found);
  });

  it.each(['PLACED_AT', 'NUMBER', 'TOTAL', 'UPDATED_AT', 'CUSTOMER_NAME'])(
    'sorted by %s goes through every order once, either way, though some come and go meanwhile',
    async (by) => {
      const one = orders.desk();
      await fillStore(orders, one.storeId, 60);
      await one.order();
      for (const direction of ['ASC', 'DESC']) {
        const seen: string[] = [];
        let after: string | null = null;
        for (let more = true; more;) {
          const { orders: page }: { orders: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
            await one.staff.data(
              `query ($after: String) { orders(first: 17, after: $after, sort: { by: ${by}, direction: ${direction} }) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
              { after },
            );
          seen.push(...page.nodes.map(({ id }) => id));
          ({ hasNextPage: more, endCursor: after } = page.pageInfo);
        }
        const { orders: counted } = await one.staff.data<{ orders: { totalCount: number } }>('{ orders { totalCount } }');
        expect([seen.length, new Set(seen).size]).toEqual([counted.totalCount, counted.totalCount]);
      }
    },
  );

  it('takes a constant number of statements for 1 and for 50 orders with their lines, customers and metrics', async () => {
    const one = orders.desk();
    for (let count = 0; count < 50; count += 1)
      await one.order({ customerId: await one.customer(), lines: [line(), line({ discount: 100 })] });
    const sent = async (first: number) => {
      orders.statements();
      const { orders: page } = await one.staff.data<{
        orders: { nodes: { lines: unknown[]; customer: { orderMetrics: { totalOrders: number } } }[] };
      }>(
        `{ orders(first: ${first}) { nodes { number total { amount } lines { name total { amount } discountAllocations { amount { amount } } } payments { id } fulfillments { id }
          events(first: 5) { nodes { kind } } customer { orderCount orderMetrics { totalOrders totalSpent { amount } } } } } }`,
      );
      expect(page.nodes.map(({ lines, customer }) => [lines.length, customer.orderMetrics.totalOrders])).toEqual(
        Array.from({ length: first }, () => [2, 1]),
      );
      // The transaction of the request before may have ended meanwhile.
      return orders.statements().filter((statement) => statement.includes('"orders".')).length;
    };
    const few = await sent(1);
    expect([few <= 12, await sent(50)]).toEqual([true, few]);
  });

  it('counts nothing unless it is asked to', async () => {
    orders.statements();
    await desk.staff.data('{ orders(first: 1, filter: { source: "SHOP_1" }) { nodes { id } } }');
    expect(orders.statements().filter((statement) => statement.includes('count('))).toEqual([]);
    expect(await desk.staff.data('{ orders(first: 1, filter: { query: "andr" }) { totalCount } }')).toEqual({
      orders: { totalCount: all.filter((n) => n % 18 === 3).length },
    });
  });
});
