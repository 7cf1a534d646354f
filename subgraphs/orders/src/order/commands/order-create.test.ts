import { newId, toUuid } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';
import { automatic, discountOf } from '../../../test/discounts.ts';
import { rememberCustomers } from '../../customer/known.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const create = (input: object, selection?: string) =>
  desk.mutate<{ order: never }>('orderCreate', { idempotencyKey: key(), currency: 'EUR', lines: [line()], ...input }, selection);
const refused = (input: object) => desk.refused('orderCreate', { idempotencyKey: key(), currency: 'EUR', lines: [line()], ...input });

describe('orderCreate', () => {
  it('adds up lines, discounts, tax and shipping exactly, with every cent of discount on a line', async () => {
    const { order } = await create(
      {
        lines: [
          line({ quantity: 3, unitPrice: 333, discount: 99, discountLabel: 'Scratched', tax: 10 }),
          line({ sku: null, name: 'Mug', quantity: 1, unitPrice: 101 }),
        ],
        discount: 100,
        discountLabel: 'Ten years',
        tax: 7,
        shipping: 490,
      },
      `order { number version status paymentStatus fulfillmentStatus summaryStatus
        subtotal { amount currency } discount { amount } tax { amount } shipping { amount } total { amount } due { amount }
        lines { sku subtotal { amount } discount { amount } tax { amount } total { amount } discountAllocations { target label amount { amount } } } }`,
    );
    expect(order).toEqual({
      number: '1001',
      version: 1,
      status: 'OPEN',
      paymentStatus: 'PENDING',
      fulfillmentStatus: 'UNFULFILLED',
      summaryStatus: 'PENDING',
      subtotal: { amount: 1100, currency: 'EUR' },
      discount: { amount: 199 },
      tax: { amount: 17 },
      shipping: { amount: 490 },
      total: { amount: 1408 },
      due: { amount: 1408 },
      lines: [
        {
          sku: 'A-1',
          subtotal: { amount: 999 },
          discount: { amount: 189 },
          tax: { amount: 16 },
          total: { amount: 826 },
          discountAllocations: [
            { target: 'LINE', label: 'Scratched', amount: { amount: 99 } },
            { target: 'ORDER', label: 'Ten years', amount: { amount: 90 } },
          ],
        },
        {
          sku: null,
          subtotal: { amount: 101 },
          discount: { amount: 10 },
          tax: { amount: 1 },
          total: { amount: 92 },
          discountAllocations: [{ target: 'ORDER', label: 'Ten years', amount: { amount: 10 } }],
        },
      ],
    });
  });

  it('counts numbers per store, without gaps where an order is refused', async () => {
    const other = orders.desk();
    const first = await other.order({ source: 'SHOP', externalId: '1' });
    expect(
      await other.refused('orderCreate', { idempotencyKey: key(), currency: 'EUR', lines: [line()], source: 'SHOP', externalId: '1' }),
    ).toEqual([['EXTERNAL_ID_TAKEN', 'externalId']]);
    const second = await other.order({ source: 'SHOP', externalId: '2' });
    expect([first.number, second.number]).toEqual(['1001', '1002']);
  });

  it('places one order for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const input = { idempotencyKey: key(), currency: 'EUR', lines: [line()], contact: { email: 'Ada@Example.com' } };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.mutate('orderCreate', input, 'order { id number version contact { email } }')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ order: { contact: { email: 'ada@example.com' } }, userErrors: [] });
    const rows = await orders.admin(`select 1 from orders.orders where contact_email = 'ada@example.com'`);
    expect(rows).toHaveLength(1);
  });

  it('keeps nothing of the person under the key', async () => {
    await create({ contact: { name: 'Canary Person', email: 'canary@example.com', phone: '+49 30 1234' } });
    const kept = await orders.admin(`select 1 from orders.idempotency_keys where answer::text ~* 'canary'`);
    expect(kept).toEqual([]);
  });

  it('takes a free order as paid, and says so', async () => {
    const { order } = await create(
      { lines: [line({ unitPrice: 0 })] },
      'order { paymentStatus summaryStatus paidAt version events { nodes { kind sequence } } }',
    );
    expect(order).toMatchObject({
      paymentStatus: 'PAID',
      summaryStatus: 'PAID',
      version: 2,
      events: {
        nodes: [
          { kind: 'PLACED', sequence: 1 },
          { kind: 'PAID', sequence: 2 },
        ],
      },
    });
  });

  it('takes the customer of a store that is told of the customer while the order waits', async () => {
    const customerId = newId('cus');
    const placing = create({ customerId }, 'order { customer { id } }');
    setTimeout(() => void desk.write((tx) => rememberCustomers(tx, [customerId])), 100);
    expect(await placing).toEqual({ order: { customer: { id: customerId } }, userErrors: [] });
  });

  it('can be tried again with the same key once the customer is known', async () => {
    const customerId = newId('cus');
    const input = { idempotencyKey: key(), customerId };
    expect(await refused(input)).toEqual([['NOT_FOUND', 'customerId']]);
    await desk.write((tx) => rememberCustomers(tx, [customerId]));
    expect((await create(input)).userErrors).toEqual([]);
  });

  it('emits order.placed with amounts in the payload, and the person in the personal part only', async () => {
    const { order } = await create({ contact: { name: 'Grace', email: 'grace@example.com' } }, 'order { id }');
    const { id } = order as { id: string };
    const [event] = await orders.admin(`select type, payload, personal, origin from events.log where aggregate = $1`, [id]);
    expect(event).toMatchObject({
      type: 'order.placed',
      origin: 'LIVE',
      payload: { orderVersion: 1, total: { currency: 'EUR' } },
      personal: { name: 'Grace' },
    });
    expect(JSON.stringify(event?.['payload'])).not.toMatch(/grace/i);
  });

  it('takes a use of each discount that applies, by code and by itself, and puts every cent of it on a line', async () => {
    const shop = orders.desk();
    const { code, id } = await discountOf(shop, { combinesWith: ['LINE', 'ORDER', 'SHIPPING'] });
    await automatic(shop, { kind: 'FREE_SHIPPING', basisPoints: null, combinesWith: ['LINE', 'ORDER', 'SHIPPING'] });
    const place = () =>
      shop.mutate(
        'orderCreate',
        {
          idempotencyKey: key(),
          currency: 'EUR',
          lines: [line(), line({ unitPrice: 333 })],
          shipping: 500,
          discount: 100,
          discountCodes: [code],
        },
        'order { id discount { amount } shippingDiscount { amount } total { amount } lines { discount { amount } discountAllocations { amount { amount } } } }',
      );
    expect(await place()).toMatchObject({
      order: {
        // A tenth of 3166, and 100 by hand.
        discount: { amount: 417 },
        shippingDiscount: { amount: 500 },
        total: { amount: 2749 },
        lines: [{ discount: { amount: 329 } }, { discount: { amount: 88 } }],
      },
      userErrors: [],
    });
    const sums = await orders.admin(
      `select o.discount::int as given, (select sum(amount)::int from orders.order_discount_allocations a where a.order_id = o.id) as allocated,
         (select count(*)::int from orders.discount_redemptions r where r.order_id = o.id) as taken,
         (select used::int from orders.discounts d where d.id = $1) as used
       from orders.orders o where o.shipping_discount = 500`,
      [toUuid(id)],
    );
    expect(sums).toEqual([{ given: 417, allocated: 417, taken: 2, used: 1 }]);
  });

  it('takes thirteen statements, the last of them the commit: what was written is not read again', async () => {
    const written = 'order { id number total { amount } contact { name } }';
    // The read before, if any, has ended by then.
    await create({ lines: [line(), line()] }, written);
    orders.statements();
    await create({ lines: [line(), line()] }, written);
    const sent = orders.statements().map((statement) => statement.trim().split(' ', 1)[0]);
    expect(sent).toHaveLength(13);
    expect([sent[0], sent.at(-1)]).toEqual(['begin', 'commit']);
  });

  it('is given up at the moment that is named, which can not have passed', async () => {
    const expiresAt = '2100-01-01T00:00:00.000Z';
    expect(await create({ expiresAt }, 'order { expiresAt }')).toMatchObject({ order: { expiresAt } });
    expect(await refused({ expiresAt: '2020-01-01T00:00:00.000Z' })).toEqual([['INVALID', 'expiresAt']]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const before = await orders.admin('select count(*) from orders.orders');
    const stranger = await orders.desk().customer();
    expect(await refused({ lines: [] })).toEqual([['INVALID', 'lines']]);
    expect(await refused({ lines: Array.from({ length: 1001 }, () => line()) })).toEqual([['TOO_LONG', 'lines']]);
    expect(await refused({ lines: Array.from({ length: 10_000 }, () => line()) })).toEqual([['TOO_LONG', 'lines']]);
    expect(await refused({ discountCodes: ['NO-SUCH'] })).toEqual([['UNKNOWN_CODE', 'discountCodes.0']]);
    expect(await refused({ lines: [line({ name: ' ' })] })).toEqual([['REQUIRED', 'lines.0.name']]);
    expect(await refused({ lines: [line({ name: 'x'.repeat(501) })] })).toEqual([['TOO_LONG', 'lines.0.name']]);
    expect(await refused({ lines: [line({ quantity: 0 }), line({ quantity: -1 })] })).toEqual([
      ['INVALID', 'lines.0.quantity'],
      ['INVALID', 'lines.1.quantity'],
    ]);
    expect(await refused({ lines: [line({ unitPrice: -1 })] })).toEqual([['INVALID', 'lines.0.unitPrice']]);
    expect(await refused({ lines: [line({ discount: 2501 })] })).toEqual([['DISCOUNT_TOO_HIGH', 'lines.0.discount']]);
    expect(await refused({ discount: 2501 })).toEqual([['DISCOUNT_TOO_HIGH', 'discount']]);
    expect(await refused({ lines: [line({ quantity: 1_000_000, unitPrice: 9_007_199_255 })] })).toEqual([['AMOUNT_TOO_HIGH', 'lines']]);
    expect(await refused({ lines: [line({ quantity: 1, unitPrice: 10_000_000_000_000 })], shipping: 1 })).toEqual([
      ['AMOUNT_TOO_HIGH', 'lines'],
    ]);
    expect(await refused({ lines: [line({ tax: 2501 })], taxIncluded: true })).toEqual([['INVALID', 'lines.0.tax']]);
    expect(await refused({ currency: 'EURO' })).toEqual([['INVALID', 'currency']]);
    expect(await refused({ currency: null })).toEqual([['REQUIRED', 'currency']]);
    expect(await refused({ contact: { email: 'nobody' } })).toEqual([['INVALID', 'contact.email']]);
    expect(await refused({ shippingAddress: { country: 'Germany' } })).toEqual([['INVALID', 'shippingAddress.country']]);
    expect(await refused({ source: 'my shop' })).toEqual([['INVALID', 'source']]);
    expect(await refused({ source: 'IMPORT', externalId: '536365' })).toEqual([['INVALID', 'source']]);
    expect(await refused({ source: ' imPort ' })).toEqual([['INVALID', 'source']]);
    expect(await refused({ note: 'x'.repeat(5001) })).toEqual([['TOO_LONG', 'note']]);
    expect(await refused({ placedAt: '2999-01-01T00:00:00Z' })).toEqual([['INVALID', 'placedAt']]);
    expect(await refused({ idempotencyKey: '' })).toContainEqual(['REQUIRED', 'idempotencyKey']);
    expect(await refused({ idempotencyKey: 'x'.repeat(256) })).toEqual([['TOO_LONG', 'idempotencyKey']]);
    expect(await refused({ customerId: 'cus_nonsense' })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await refused({ customerId: newId('cus') })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await refused({ customerId: stranger })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await orders.admin('select count(*) from orders.orders')).toEqual(before);
  });

  it('takes an order of exactly 10^13 minor units, so that the sums of 900 such orders can be told', async () => {
    const other = orders.desk();
    const { total } = await other.order({ lines: [line({ quantity: 1, unitPrice: 10_000_000_000_000 })] });
    expect(total).toEqual({ amount: 10_000_000_000_000 });
    expect(BigInt(total.amount) * 900n).toBeLessThanOrEqual(BigInt(Number.MAX_SAFE_INTEGER));
  });

  it('refuses a key that was used with another input', async () => {
    const idempotencyKey = key();
    await create({ idempotencyKey });
    expect(await refused({ idempotencyKey, lines: [line({ quantity: 3 })] })).toEqual([['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey']]);
  });
});
