import { newId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { importOrders, importRefunds, type ImportedOrder } from '../src/index.ts';
import { key, ordersHarness } from './desk.ts';

const orders = await ordersHarness();

async function write<T>(storeId: `sto_${string}`, work: (tx: Tx) => Promise<T>): Promise<T> {
  const db = orders.pool.session({ domain: 'orders', identity: identity.system(storeId), correlationId: key(), origin: 'IMPORT' });
  try {
    return await db.write(work);
  } finally {
    await db.end();
  }
}

const invoice = (externalId: string, rest: Partial<ImportedOrder> = {}): ImportedOrder => ({
  externalId,
  placedAt: new Date('2010-12-01T08:26:00Z'),
  currency: 'GBP',
  customerId: null,
  countryCode: 'GB',
  lines: [
    { sku: '85123A', name: 'WHITE HANGING\tHEART "T-LIGHT" \\N', quantity: 6, unitPrice: 255n },
    { sku: '85123A', name: 'WHITE HANGING\tHEART "T-LIGHT" \\N', quantity: 6, unitPrice: 255n },
    { sku: 'POST', name: 'Free', quantity: 1, unitPrice: 0n },
  ],
  ...rest,
});

describe('importOrders', () => {
  it('writes completed orders with exact totals, equal lines kept, each once however often it is run', async () => {
    const desk = orders.desk();
    const customerId = newId('cus');
    const batch = [
      invoice('536366', { placedAt: new Date('2010-12-02T00:00:00Z') }),
      invoice('536365', { customerId }),
      invoice('0', { lines: [{ sku: null, name: 'Gift', quantity: 2, unitPrice: 0n }] }),
    ];
    expect(await write(desk.storeId, (tx) => importOrders(tx, batch))).toEqual({ created: 3, existing: 0 });
    expect(await write(desk.storeId, (tx) => importOrders(tx, batch))).toEqual({ created: 0, existing: 3 });
    const { orders: page } = await desk.staff.data<{
      orders: { nodes: object[] };
    }>(`{ orders(sort: { by: NUMBER, direction: ASC }) { totalCount nodes {
      number externalId source status paymentStatus fulfillmentStatus summaryStatus placedAt completedAt customer { id } total { amount currency } captured { amount } version
      shippingAddress { country } lines { name quantity total { amount } } payments { tender status captured { amount } } events { nodes { kind } } } } }`);
    expect(page).toMatchObject({ totalCount: 3 });
    expect(page.nodes.map((order) => ('externalId' in order ? order.externalId : null))).toEqual(['0', '536365', '536366']);
    expect(page.nodes[1]).toEqual({
      number: '1002',
      externalId: '536365',
      source: 'IMPORT',
      status: 'COMPLETED',
      paymentStatus: 'PAID',
      fulfillmentStatus: 'FULFILLED',
      summaryStatus: 'COMPLETED',
      placedAt: '2010-12-01T08:26:00.000Z',
      completedAt: '2010-12-01T08:26:00.000Z',
      customer: { id: customerId },
      total: { amount: 3060, currency: 'GBP' },
      captured: { amount: 3060 },
      version: 1,
      shippingAddress: { country: 'GB' },
      lines: [
        { name: 'WHITE HANGING\tHEART "T-LIGHT" \\N', quantity: 6, total: { amount: 1530 } },
        { name: 'WHITE HANGING\tHEART "T-LIGHT" \\N', quantity: 6, total: { amount: 1530 } },
        { name: 'Free', quantity: 1, total: { amount: 0 } },
      ],
      payments: [{ tender: 'OTHER', status: 'CAPTURED', captured: { amount: 3060 } }],
      events: { nodes: [{ kind: 'IMPORTED' }] },
    });
    expect(page.nodes[0]).toMatchObject({ total: { amount: 0 }, payments: [], paymentStatus: 'PAID' });
    // An imported customer may order from now on.
    await desk.order({ customerId });
  });

  it('tells each order with one event of origin IMPORT, at the time of its invoice', async () => {
    const desk = orders.desk();
    await write(desk.storeId, (tx) => importOrders(tx, [invoice('1'), invoice('2')]));
    const events = await orders.admin(
      `select l.type, l.origin, l.occurred_at from events.log l join orders.orders o on l.payload->>'externalId' = o.external_id and o.external_id in ('1', '2') where l.store_id = o.store_id`,
    );
    expect(events).toEqual(
      Array.from({ length: 2 }, () => ({ type: 'order.placed', origin: 'IMPORT', occurred_at: new Date('2010-12-01T08:26:00Z') })),
    );
  });

  it('writes a batch that several imports bring at once a single time, and numbers without gaps', async () => {
    const desk = orders.desk();
    const batch = Array.from({ length: 20 }, (_, index) => invoice(`A${index}`));
    const results = await Promise.all(Array.from({ length: 4 }, () => write(desk.storeId, (tx) => importOrders(tx, batch))));
    expect(results.reduce((sum, { created }) => sum + created, 0)).toBe(20);
    expect((await desk.order()).number).toBe('1021');
  });

  it('needs the same statements for a thousand orders as for two', async () => {
    const count = async (size: number) => {
      const { storeId } = orders.desk();
      orders.statements();
      await write(storeId, (tx) =>
        importOrders(
          tx,
          Array.from({ length: size }, (_, index) => invoice(String(index), { customerId: newId('cus') })),
        ),
      );
      return orders.statements().length;
    };
    const two = await count(2);
    expect(await count(1000)).toBe(two);
    expect(two).toBeLessThanOrEqual(25);
  });

  it('says in one line which invoice is worth more than can be counted', async () => {
    const { storeId } = orders.desk();
    const huge = invoice('9', { lines: [{ sku: null, name: 'Gold', quantity: 1_000_000_000, unitPrice: 100_000_000n }] });
    await expect(write(storeId, (tx) => importOrders(tx, [huge]))).rejects.toThrow(
      'The invoice 9 is worth more than can be counted exactly.',
    );
  });
});

describe('importRefunds', () => {
  it('writes credit notes without an order, each once, and counts them for their customer', async () => {
    const desk = orders.desk();
    const customerId = newId('cus');
    const note = {
      externalId: 'C536379',
      refundedAt: new Date('2010-12-01T09:41:00Z'),
      currency: 'GBP',
      customerId,
      lines: [{ sku: 'D', name: 'Discount', quantity: 1, unitPrice: 2750n }],
    };
    expect(await write(desk.storeId, (tx) => importRefunds(tx, [note, { ...note, externalId: 'C1', customerId: null }]))).toEqual({
      created: 2,
      existing: 0,
    });
    expect(await write(desk.storeId, (tx) => importRefunds(tx, [note]))).toEqual({ created: 0, existing: 1 });
    const answer = await desk.staff.data(
      'query ($id: ID!) { orders { totalCount } refunds(filter: { customerId: $id, source: [IMPORT] }) { totalCount nodes { externalId source refundedAt amount { amount currency } order { id } customer { id } payments { amount { amount } } lines { sku name quantity line { id } amount { amount } } } } }',
      { id: customerId },
    );
    expect(answer).toEqual({
      orders: { totalCount: 0 },
      refunds: {
        totalCount: 1,
        nodes: [
          {
            externalId: 'C536379',
            source: 'IMPORT',
            refundedAt: '2010-12-01T09:41:00.000Z',
            amount: { amount: 2750, currency: 'GBP' },
            order: null,
            customer: { id: customerId },
            payments: [],
            lines: [{ sku: 'D', name: 'Discount', quantity: 1, line: null, amount: { amount: 2750 } }],
          },
        ],
      },
    });
  });
});
