import { newId, toUuid } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness, type PlacedOrder } from '../../../test/desk.ts';
import { discountOf } from '../../../test/discounts.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (order: { id: string }, rest: object = {}) => ({ orderId: order.id, expectedVersion: 1, idempotencyKey: key(), ...rest });
const sums =
  'order { version subtotal { amount } discount { amount } tax { amount } shippingDiscount { amount } total { amount } balance { amount } due { amount } paymentStatus';
const edit = async (order: { id: string }, rest: object, selection = `${sums} }`) => {
  const { order: edited, userErrors } = await desk.mutate<{ order: object }>('orderEdit', input(order, rest), selection);
  expect(userErrors).toEqual([]);
  return edited;
};
const lineOf = (order: PlacedOrder, index = 0) => order.lines[index]?.id;
/** Every way in which the rows of an order must add up. */
const unbalanced = `
  select o.number from orders.orders o where o.id = $1 and (
    o.discount <> (select coalesce(sum(a.amount), 0) from orders.order_discount_allocations a where a.order_id = o.id)
    or o.subtotal <> (select sum(l.subtotal) from orders.order_lines l where l.order_id = o.id)
    or o.discount <> (select sum(l.discount) from orders.order_lines l where l.order_id = o.id)
    or o.tax <> (select sum(l.tax) from orders.order_lines l where l.order_id = o.id)
    or o.total <> (select sum(l.total) from orders.order_lines l where l.order_id = o.id) + o.shipping - o.shipping_discount
    or o.ordered_units <> (select sum(l.quantity) from orders.order_lines l where l.order_id = o.id)
    or exists (select from orders.order_lines l where l.order_id = o.id and l.discount <>
      (select coalesce(sum(a.amount), 0) from orders.order_discount_allocations a where a.line_id = l.id)))`;

describe('orderEdit', () => {
  it('adds, takes out and changes lines at once, and says what is to pay or to give back', async () => {
    const order = await desk.order({ lines: [line(), line({ name: 'Wick', quantity: 4, unitPrice: 100, tax: 40 })], shipping: 500 });
    await desk.pay(order, 3440);
    const edited = await edit(
      order,
      {
        expectedVersion: 3,
        addLines: [line({ name: 'Oil', quantity: 1, unitPrice: 900 })],
        setLines: [
          { lineId: lineOf(order), quantity: 0 },
          { lineId: lineOf(order, 1), quantity: 2 },
        ],
        shipping: 0,
      },
      `${sums} lines { id name quantity total { amount } } events(first: 9) { nodes { sequence kind changes { subject line { name } quantityBefore quantityAfter amountBefore { amount } amountAfter { amount } } } } }`,
    );
    expect(edited).toMatchObject({
      version: 4,
      subtotal: { amount: 1100 },
      tax: { amount: 20 },
      total: { amount: 1120 },
      balance: { amount: -2320 },
      due: { amount: 0 },
      paymentStatus: 'OVERPAID',
      lines: [
        { id: lineOf(order), name: 'Lantern', quantity: 0, total: { amount: 0 } },
        { id: lineOf(order, 1), name: 'Wick', quantity: 2, total: { amount: 220 } },
        { name: 'Oil', quantity: 1, total: { amount: 900 } },
      ],
    });
    const changed = (subject: string, amountBefore: number, amountAfter: number) => ({
      subject,
      line: null,
      quantityBefore: null,
      quantityAfter: null,
      amountBefore: { amount: amountBefore },
      amountAfter: { amount: amountAfter },
    });
    const units = (name: string, quantityBefore: number, quantityAfter: number, amountBefore: number, amountAfter: number) => ({
      ...changed('LINE', amountBefore, amountAfter),
      line: { name },
      quantityBefore,
      quantityAfter,
    });
    expect(edited).toHaveProperty('events.nodes.3', {
      sequence: 4,
      kind: 'EDITED',
      changes: [
        units('Lantern', 2, 0, 2500, 0),
        units('Wick', 4, 2, 440, 220),
        units('Oil', 0, 1, 0, 900),
        changed('SHIPPING', 500, 0),
        changed('TAX', 40, 20),
        changed('TOTAL', 3440, 1120),
      ],
    });
    expect(await orders.admin(unbalanced, [toUuid(order.id)])).toEqual([]);
    const [event] = await orders.admin(`select payload from events.log where aggregate = $1 and type = 'order.edited'`, [order.id]);
    expect(event).toMatchObject({
      payload: { orderVersion: 4, previousTotal: { amount: { $bigint: '3440' } }, balance: { amount: { $bigint: '-2320' } }, units: 3 },
    });
  });

  it('keeps discounts in proportion to the units, or works them out anew, taking and giving back uses', async () => {
    const kept = await discountOf(desk, { basisPoints: 1000 });
    const free = await discountOf(desk, { kind: 'FREE_SHIPPING', basisPoints: null, combinesWith: ['ORDER', 'LINE'] });
    const used = async () =>
      Object.fromEntries(
        (await orders.admin<{ id: string; used: number }>(`select id::text, used::int as used from orders.discounts`)).map((row) => [
          row.id,
          row.used,
        ]),
      );
    const order = await desk.order({
      lines: [line({ quantity: 4, discount: 500 })],
      discountCodes: [kept.code],
      shipping: 300,
      discount: 50,
    });
    expect(await edit(order, { setLines: [{ lineId: lineOf(order), quantity: 2 }] })).toMatchObject({
      version: 2,
      subtotal: { amount: 2500 },
      // Of the line's own 500, the rule's 450 and the 50 of the order.
      discount: { amount: 250 + 225 + 50 },
      total: { amount: 2275 },
    });
    expect(await used()).toMatchObject({ [toUuid(kept.id)]: 1, [toUuid(free.id)]: 0 });
    expect(await edit(order, { expectedVersion: 2, discountCodes: [free.code] })).toMatchObject({
      discount: { amount: 300 },
      shippingDiscount: { amount: 300 },
      total: { amount: 2200 },
    });
    expect(await used()).toMatchObject({ [toUuid(kept.id)]: 0, [toUuid(free.id)]: 1 });
    expect(await edit(order, { expectedVersion: 3, shipping: 100 })).toMatchObject({
      shippingDiscount: { amount: 100 },
      total: { amount: 2200 },
    });
    expect(await edit(order, { expectedVersion: 4, discountCodes: [], discount: 0 })).toMatchObject({
      discount: { amount: 250 },
      shippingDiscount: { amount: 0 },
      total: { amount: 2350 },
    });
    expect(await used()).toMatchObject({ [toUuid(kept.id)]: 0, [toUuid(free.id)]: 0 });
    expect(await orders.admin(unbalanced, [toUuid(order.id)])).toEqual([]);
  });

  it('gives the last use of a discount to the order that has it, when its discounts are worked out anew', async () => {
    const once = await discountOf(desk, { usageLimit: 1 });
    const order = await desk.order({ discountCodes: [once.code] });
    const addLines = [line({ quantity: 1 })];
    expect(await edit(order, { addLines, discountCodes: [once.code] })).toMatchObject({ discount: { amount: 375 } });
  });

  it('writes down other codes of the same worth as what they are, and nothing as changed', async () => {
    const [first, second] = [await discountOf(desk), await discountOf(desk)];
    const order = await desk.order({ discountCodes: [first.code] });
    expect(await edit(order, { discountCodes: [second.code] })).toMatchObject({
      version: 1,
      discount: { amount: 250 },
      total: { amount: 2250 },
    });
    const uses = (discount: { id: string }) =>
      orders.admin(
        `select d.used, (select count(*)::int from orders.order_discount_allocations a where a.order_id = $2 and a.discount_id = d.id) as allocations
         from orders.discounts d where d.id = $1`,
        [toUuid(discount.id as `dsc_${string}`), toUuid(order.id)],
      );
    expect(await uses(first)).toEqual([{ used: 0, allocations: 0 }]);
    expect(await uses(second)).toEqual([{ used: 1, allocations: 1 }]);
    expect(await orders.admin(unbalanced, [toUuid(order.id)])).toEqual([]);
  });

  it('of 20 who change one version, one does: the others are told', async () => {
    const order = await desk.order();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => desk.mutate('orderEdit', input(order, { shipping: index + 1 }))),
    );
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    expect(new Set(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code)))).toEqual(new Set(['CONFLICT']));
  });

  it.each([
    ['JPY', 0],
    ['EUR', 2],
    ['KWD', 3],
  ])('leaves no unit of %s (%i decimals) unallocated', async (currency) => {
    const order = await desk.order({
      currency,
      lines: [line({ quantity: 3, unitPrice: 333 }), line({ quantity: 7, unitPrice: 101 }), line({ quantity: 1, unitPrice: 1 })],
      discount: 100,
      tax: 77,
    });
    await edit(order, {
      setLines: [{ lineId: lineOf(order, 1), quantity: 5 }],
      addLines: [line({ quantity: 1, unitPrice: 7 })],
      discount: 101,
      tax: 33,
    });
    expect(await orders.admin(unbalanced, [toUuid(order.id)])).toEqual([]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await desk.order({ lines: [line({ quantity: 3 })] });
    const foreign = await orders.desk().order();
    const lineId = lineOf(order);
    const refused = (rest: object, of: { id: string } = order) => desk.refused('orderEdit', input(of, rest));
    expect(await refused({ setLines: [{ lineId, quantity: -1 }] })).toEqual([['INVALID', 'setLines.0.quantity']]);
    expect(await refused({ setLines: [{ lineId, quantity: 0 }] })).toEqual([['EMPTY', 'setLines']]);
    expect(
      await refused({
        setLines: [
          { lineId, quantity: 1 },
          { lineId, quantity: 2 },
        ],
      }),
    ).toEqual([['INVALID', 'setLines.1.lineId']]);
    expect(await refused({ setLines: [{ lineId: foreign.lines[0]?.id, quantity: 1 }] })).toEqual([['NOT_FOUND', 'setLines.0.lineId']]);
    expect(await refused({ addLines: [line({ quantity: 0 })] })).toEqual([['INVALID', 'addLines.0.quantity']]);
    expect(await refused({ addLines: Array.from({ length: 1000 }, () => line()) })).toEqual([['TOO_LONG', 'addLines']]);
    expect(await refused({ discount: 3751 })).toEqual([['DISCOUNT_TOO_HIGH', 'discount']]);
    expect(await refused({ discountCodes: ['NO-SUCH'] })).toEqual([['UNKNOWN_CODE', 'discountCodes.0']]);
    expect(await refused({ expectedVersion: 2 })).toEqual([['CONFLICT', 'expectedVersion']]);
    for (const id of ['', newId('ord'), foreign.id]) expect(await refused({}, { id })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(
      await desk.staff.codes('mutation ($input: OrderEditInput!) { orderEdit(input: $input) { order { id } } }', {
        input: input(order, { setLines: [{ lineId, quantity: 1.5 }] }),
      }),
    ).toEqual(['BAD_REQUEST']);
    expect(await desk.staff.data('query ($id: ID!) { order(id: $id) { version } }', { id: order.id })).toEqual({ order: { version: 1 } });

    const parcel = await desk.parcel(order, [{ lineId: lineId ?? '', quantity: 2 }]);
    expect(await refused({ expectedVersion: 2, setLines: [{ lineId, quantity: 1 }] })).toEqual([['IN_PARCEL', 'setLines.0.quantity']]);
    await desk.mutate('fulfillmentShip', { fulfillmentId: parcel });
    expect(await refused({ expectedVersion: 3 })).toEqual([['ALREADY_SHIPPED', null]]);
    const refunded = await desk.order();
    await desk.pay(refunded, 2500);
    await desk.mutate('orderRefund', {
      orderId: refunded.id,
      lines: [{ lineId: lineOf(refunded), quantity: 1 }],
      reason: 'OTHER',
      idempotencyKey: key(),
    });
    expect(await refused({ expectedVersion: 4 }, refunded)).toEqual([['ALREADY_REFUNDED', null]]);
    const cancelled = await desk.order();
    await desk.mutate('orderCancel', { orderId: cancelled.id, reason: 'STAFF', idempotencyKey: key() });
    expect(await refused({}, cancelled)).toEqual([['ORDER_CLOSED', null]]);
    const draft = await desk.mutate<{ order: { id: string } }>('orderDraftCreate', { idempotencyKey: key(), currency: 'EUR' });
    expect(await refused({}, draft.order)).toEqual([['ORDER_IS_DRAFT', null]]);
  });
});
