import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (rest: object = {}) => ({ idempotencyKey: key(), currency: 'EUR', lines: [line()], ...rest });

describe('orderDraftCreate', () => {
  it('begins an order that is priced as it would be placed, with a number of its own, and tells nobody', async () => {
    const drafts = orders.desk();
    const made = () =>
      drafts.mutate<{ order: { id: string } }>(
        'orderDraftCreate',
        input({ discount: 101, tax: 400, shipping: 500, note: 'Call back', contact: { email: 'ada@example.com' } }),
        `order { id number version status paymentStatus summaryStatus discount { amount } tax { amount } total { amount } note contact { email }
          lines { total { amount } discountAllocations { target amount { amount } } } events { nodes { kind internal } }
          availableTransitions { name allowed reason } }`,
      );
    const { order } = await made();
    expect(order).toMatchObject({
      number: 'D1',
      version: 1,
      status: 'DRAFT',
      paymentStatus: 'PENDING',
      summaryStatus: 'PENDING',
      discount: { amount: 101 },
      tax: { amount: 400 },
      total: { amount: 3299 },
      note: 'Call back',
      contact: { email: 'ada@example.com' },
      lines: [{ total: { amount: 2799 }, discountAllocations: [{ target: 'ORDER', amount: { amount: 101 } }] }],
      events: { nodes: [{ kind: 'DRAFTED', internal: true }] },
    });
    expect(order).toHaveProperty(
      'availableTransitions',
      expect.arrayContaining([
        { name: 'orderDraftComplete', allowed: true, reason: null },
        { name: 'orderCancel', allowed: false, reason: 'ORDER_IS_DRAFT' },
        { name: 'orderEdit', allowed: false, reason: 'ORDER_IS_DRAFT' },
        { name: 'orderPaymentRecord', allowed: false, reason: 'ORDER_IS_DRAFT' },
        { name: 'fulfillmentCreate', allowed: false, reason: 'ORDER_CLOSED' },
      ]),
    );
    expect((await made()).order).toMatchObject({ number: 'D2' });
    expect((await drafts.order()).number).toBe('1001');
    expect(await orders.admin(`select type from events.log where aggregate = $1 and type <> 'activity.recorded'`, [order.id])).toEqual([]);
  });

  it('shows it to no customer, not even to the one whom it is for, and counts it nowhere', async () => {
    const customerId = await desk.customer();
    const { order } = await desk.mutate<{ order: { id: string } }>('orderDraftCreate', input({ customerId }));
    const theirs = desk.as(identity.customer(desk.storeId, customerId));
    expect(await theirs.data('query ($id: ID!) { order(id: $id) { id } orders { nodes { id } } }', { id: order.id })).toEqual({
      order: null,
      orders: { nodes: [] },
    });
    const seen = await orders.admin(`select count(*)::int as lines from orders.order_lines where customer_id is not null`);
    expect(seen).toEqual([{ lines: 0 }]);
    const metrics = await desk.staff.data(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { orderMetrics { totalOrders } } } }',
      { r: [{ __typename: 'Customer', id: customerId }] },
    );
    expect(metrics).toEqual({ _entities: [{ orderMetrics: { totalOrders: 0 } }] });
  });

  it('makes one draft for 20 concurrent calls with one key', async () => {
    const once = input({ lines: [] });
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.mutate('orderDraftCreate', once, 'order { id number }')));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const before = await orders.admin('select count(*)::int as drafts from orders.orders');
    const refused = (rest: object) => desk.refused('orderDraftCreate', input(rest));
    expect(await refused({ lines: [line({ quantity: 0 })] })).toEqual([['INVALID', 'lines.0.quantity']]);
    expect(await refused({ lines: [line({ quantity: -1 })] })).toEqual([['INVALID', 'lines.0.quantity']]);
    expect(await refused({ lines: [line({ discount: 2501 })] })).toEqual([['DISCOUNT_TOO_HIGH', 'lines.0.discount']]);
    expect(await refused({ discount: 2501 })).toEqual([['DISCOUNT_TOO_HIGH', 'discount']]);
    expect(await refused({ lines: Array.from({ length: 10_000 }, () => line()) })).toEqual([['TOO_LONG', 'lines']]);
    expect(await refused({ lines: [line({ unitPrice: 9_000_000_000_000 })] })).toEqual([['AMOUNT_TOO_HIGH', 'lines']]);
    expect(await refused({ discountCodes: ['NO-SUCH'] })).toEqual([['UNKNOWN_CODE', 'discountCodes.0']]);
    expect(await refused({ currency: 'XXL' })).toEqual([['INVALID', 'currency']]);
    expect(await refused({ currency: null })).toEqual([['REQUIRED', 'currency']]);
    expect(await refused({ source: 'IMPORT' })).toEqual([['INVALID', 'source']]);
    expect(await refused({ customerId: 'x' })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await refused({ customerId: newId('cus') })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await refused({ idempotencyKey: '' })).toContainEqual(['REQUIRED', 'idempotencyKey']);
    expect(await orders.admin('select count(*)::int as drafts from orders.orders')).toEqual(before);
  });
});
