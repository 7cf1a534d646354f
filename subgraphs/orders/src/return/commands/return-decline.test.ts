import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { announced, approved, delivered } from '../../../test/returns.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('returnDecline', () => {
  it('says why, and gives the units free for another', async () => {
    const order = await delivered(desk);
    const returnId = await announced(desk, order, 2);
    expect(
      await desk.mutate(
        'returnDecline',
        { returnId, reason: 'Worn' },
        'return { status declinedAt declineReason lines { line { returningQuantity } } }',
      ),
    ).toEqual({
      return: { status: 'DECLINED', declinedAt: expect.any(String), declineReason: 'Worn', lines: [{ line: { returningQuantity: 0 } }] },
      userErrors: [],
    });
    expect(await desk.refused('returnDecline', { returnId })).toEqual([['ALREADY_DECLINED', null]]);
    await announced(desk, order, 2);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const order = await delivered(desk);
    const elsewhere = orders.desk();
    const foreign = await announced(elsewhere, await delivered(elsewhere), 1);
    const refused = (returnId: string) => desk.refused('returnDecline', { returnId });
    for (const id of ['', newId('ret'), foreign]) expect(await refused(id)).toEqual([['NOT_FOUND', 'returnId']]);
    const asked = await announced(desk, order, 1);
    expect(await desk.refused('returnDecline', { returnId: asked, reason: 'x'.repeat(1001) })).toEqual([['TOO_LONG', 'reason']]);
    await desk.mutate('returnCancel', { returnId: asked });
    expect(await refused(await approved(desk, order, 1))).toEqual([['ALREADY_APPROVED', null]]);
    const cancelled = await announced(desk, order, 1);
    await desk.mutate('returnCancel', { returnId: cancelled });
    expect(await refused(cancelled)).toEqual([['ALREADY_CANCELLED', null]]);
  });
});
