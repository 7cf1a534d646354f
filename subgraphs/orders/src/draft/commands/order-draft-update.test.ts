import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const draft = async (rest: object = {}) =>
  (
    await desk.mutate<{ order: { id: string } }>('orderDraftCreate', {
      idempotencyKey: key(),
      currency: 'EUR',
      lines: [line({ discount: 500, discountLabel: 'Scratched' })],
      ...rest,
    })
  ).order;
const state =
  'order { version number subtotal { amount } discount { amount } shipping { amount } total { amount } note customer { id } contact { name email } lines { name quantity discountAllocations { target label amount { amount } } } }';

describe('orderDraftUpdate', () => {
  it('changes what it is told and keeps the rest, priced anew', async () => {
    const customerId = await desk.customer();
    const { id: orderId } = await draft({ note: 'Call back', contact: { name: 'Ada', email: 'ada@example.com' } });
    const change = async (rest: object) => (await desk.mutate<{ order: object }>('orderDraftUpdate', { orderId, ...rest }, state)).order;
    const own = { target: 'LINE', label: 'Scratched', amount: { amount: 500 } };
    expect(await change({ shipping: 300, discount: 200, customerId })).toMatchObject({
      version: 2,
      subtotal: { amount: 2500 },
      discount: { amount: 700 },
      total: { amount: 2100 },
      note: 'Call back',
      customer: { id: customerId },
      contact: { name: 'Ada', email: 'ada@example.com' },
      lines: [{ discountAllocations: [own, { target: 'ORDER', label: null, amount: { amount: 200 } }] }],
    });
    const lines = [line({ name: 'Wick', quantity: 1, unitPrice: 100 }), line({ name: 'Oil', quantity: 3, unitPrice: 100 })];
    expect(await change({ lines, note: null, contact: { name: 'Ada' }, discount: null })).toMatchObject({
      version: 3,
      total: { amount: 700 },
      note: null,
      contact: { name: 'Ada', email: null },
      lines: [
        { name: 'Wick', quantity: 1 },
        { name: 'Oil', quantity: 3 },
      ],
    });
    expect(await change({ lines: [] })).toMatchObject({ version: 4, subtotal: { amount: 0 }, total: { amount: 300 }, lines: [] });
    const left = await orders.admin(`select count(*)::int as allocations from orders.order_discount_allocations`);
    expect(left).toEqual([{ allocations: 0 }]);
  });

  it('of two who change the same version, one is told of the other', async () => {
    const { id: orderId } = await draft();
    const answers = await Promise.all(
      [100, 200].map((shipping) => desk.mutate('orderDraftUpdate', { orderId, expectedVersion: 1, shipping })),
    );
    expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code, field }) => [code, ...(field ?? [])]))).toEqual([
      ['CONFLICT', 'expectedVersion'],
    ]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { id: orderId } = await draft();
    const elsewhere = orders.desk();
    const foreign = await elsewhere.mutate<{ order: { id: string } }>('orderDraftCreate', { idempotencyKey: key(), currency: 'EUR' });
    const refused = (rest: object) => desk.refused('orderDraftUpdate', { orderId, ...rest });
    expect(await refused({ lines: [line({ quantity: -2 })] })).toEqual([['INVALID', 'lines.0.quantity']]);
    expect(await refused({ lines: [line({ discount: 2501 })] })).toEqual([['DISCOUNT_TOO_HIGH', 'lines.0.discount']]);
    expect(await refused({ discount: 2001 })).toEqual([['DISCOUNT_TOO_HIGH', 'discount']]);
    expect(await refused({ discountCodes: ['', 'x'] })).toEqual([['REQUIRED', 'discountCodes.0']]);
    expect(await refused({ discountCodes: ['NO-SUCH'] })).toEqual([['UNKNOWN_CODE', 'discountCodes.0']]);
    expect(await refused({ customerId: newId('cus') })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await refused({ note: 'x'.repeat(5001) })).toEqual([['TOO_LONG', 'note']]);
    expect(await refused({ expectedVersion: 0 })).toEqual([['INVALID', 'expectedVersion']]);
    for (const id of ['', newId('ord'), foreign.order.id]) {
      expect(await desk.refused('orderDraftUpdate', { orderId: id, shipping: 1 })).toEqual([['NOT_FOUND', 'orderId']]);
    }
    const placed = await desk.order();
    expect(await desk.refused('orderDraftUpdate', { orderId: placed.id, shipping: 1 })).toEqual([['NOT_A_DRAFT', null]]);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { version } }', { id: orderId })).toEqual({ order: { version: 1 } });
  });
});
