import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { announced, approved, delivered } from '../../../test/returns.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('returnApprove', () => {
  it('lets the units come back, and tells the customer', async () => {
    const order = await delivered(desk, { contact: { email: 'ada@example.com' } });
    const returnId = await announced(desk, order, 2);
    expect(
      await desk.mutate('returnApprove', { returnId }, 'return { status approvedAt availableTransitions { name allowed reason } }'),
    ).toEqual({
      return: {
        status: 'APPROVED',
        approvedAt: expect.any(String),
        availableTransitions: [
          { name: 'returnApprove', allowed: false, reason: 'ALREADY_APPROVED' },
          { name: 'returnDecline', allowed: false, reason: 'ALREADY_APPROVED' },
          { name: 'returnReceive', allowed: true, reason: null },
          { name: 'returnCancel', allowed: true, reason: null },
        ],
      },
      userErrors: [],
    });
    const events = await orders.admin(
      `select personal->>'email' as email from events.log where aggregate = $1 and type = 'return.approved'`,
      [order.id],
    );
    expect(events).toEqual([{ email: 'ada@example.com' }]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await delivered(desk);
    const elsewhere = orders.desk();
    const foreign = await announced(elsewhere, await delivered(elsewhere), 1);
    const refused = (returnId: string) => desk.refused('returnApprove', { returnId });
    for (const id of ['', newId('ret'), foreign]) expect(await refused(id)).toEqual([['NOT_FOUND', 'returnId']]);
    expect(await refused(await approved(desk, order, 1))).toEqual([['ALREADY_APPROVED', null]]);
    const cancelled = await announced(desk, order, 1);
    await desk.mutate('returnCancel', { returnId: cancelled });
    expect(await refused(cancelled)).toEqual([['ALREADY_CANCELLED', null]]);
  });
});
