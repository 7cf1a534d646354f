import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, line, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const draft = async (rest: object = {}, of = desk) =>
  (
    await of.mutate<{ order: { id: string; lines: { id: string }[] } }>(
      'orderDraftCreate',
      { idempotencyKey: key(), currency: 'EUR', lines: [line()], ...rest },
      'order { id lines { id } }',
    )
  ).order;
const input = ({ id }: { id: string }, rest: object = {}) => ({ orderId: id, idempotencyKey: key(), ...rest });

/** A code of 10 % that may be used so often. */
const code = async (usageLimit: number | null = null) => {
  const written = `D${key().slice(0, 8)}`;
  const discount = { title: 'Ten off', method: 'CODE', kind: 'PERCENTAGE', basisPoints: 1000, usageLimit, code: written };
  await desk.mutate('discountCreate', discount, 'discount { id }');
  return written;
};

describe('orderDraftComplete', () => {
  it('places the draft as the order that it is, numbered now, and tells it as any other', async () => {
    const customerId = await desk.customer();
    const made = await draft({ customerId, tax: 100 });
    const { order } = await desk.mutate(
      'orderDraftComplete',
      input(made),
      `order { id number version status paymentStatus total { amount } lines { id } events { nodes { sequence kind } } }`,
    );
    expect(order).toEqual({
      id: made.id,
      number: '1001',
      version: 2,
      status: 'OPEN',
      paymentStatus: 'PENDING',
      total: { amount: 2600 },
      lines: made.lines,
      events: {
        nodes: [
          { sequence: 1, kind: 'DRAFTED' },
          { sequence: 2, kind: 'PLACED' },
        ],
      },
    });
    const theirs = desk.as(identity.customer(desk.storeId, customerId));
    expect(
      await theirs.data('query ($id: ID!) { order(id: $id) { number lines { name } events { nodes { kind } } } }', { id: made.id }),
    ).toEqual({
      order: { number: '1001', lines: [{ name: 'Lantern' }], events: { nodes: [{ kind: 'PLACED' }] } },
    });
    const events = await orders.admin(
      `select type, payload->>'number' as number, payload->>'orderVersion' as version from events.log where aggregate = $1 and type <> 'activity.recorded'`,
      [made.id],
    );
    expect(events).toEqual([{ type: 'order.placed', number: '1001', version: '2' }]);
  });

  it('takes the use of a discount now and not before: of two drafts with its last use, one is placed', async () => {
    const discountCodes = [await code(1)];
    const drafts = [await draft({ discountCodes }), await draft({ discountCodes })];
    const answers = await Promise.all(
      drafts.map((made) => desk.mutate('orderDraftComplete', input(made), 'order { status discount { amount } }')),
    );
    expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code: why, field }) => [why, ...(field ?? [])]))).toEqual([
      ['USAGE_LIMIT_REACHED', 'discountCodes', '0'],
    ]);
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toMatchObject([
      { order: { status: 'OPEN', discount: { amount: 250 } } },
    ]);
    const numbers = await orders.admin(
      `select max(number)::int as last, count(*) filter (where number > 0)::int as placed from orders.orders`,
    );
    expect(numbers).toEqual([{ last: 1002, placed: 2 }]);
  });

  it('places one order for 20 concurrent calls, whatever their keys', async () => {
    const made = await draft();
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.mutate('orderDraftComplete', input(made))));
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    expect(new Set(answers.flatMap(({ userErrors }) => userErrors.map((error) => error.code)))).toEqual(new Set(['NOT_A_DRAFT']));
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const made = await draft();
    const foreign = await draft({}, orders.desk());
    const refused = (rest: object, of = made) => desk.refused('orderDraftComplete', input(of, rest));
    expect(await refused({ expectedVersion: 2 })).toEqual([['CONFLICT', 'expectedVersion']]);
    expect(await refused({ expiresAt: '2020-01-01T00:00:00.000Z' })).toEqual([['INVALID', 'expiresAt']]);
    expect(await refused({ idempotencyKey: '' })).toContainEqual(['REQUIRED', 'idempotencyKey']);
    for (const id of ['x', newId('ord'), foreign.id]) expect(await refused({ orderId: id })).toEqual([['NOT_FOUND', 'orderId']]);
    expect(await refused({}, await draft({ lines: [] }))).toEqual([['EMPTY', null]]);
    const used = input(made);
    await desk.mutate('orderDraftComplete', used);
    expect(await desk.refused('orderDraftComplete', { ...used, expectedVersion: 1 })).toEqual([
      ['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'],
    ]);
    expect(await refused({})).toEqual([['NOT_A_DRAFT', null]]);
  });
});
