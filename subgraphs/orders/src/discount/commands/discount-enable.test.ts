import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { discountOf, reasons } from '../../../test/discounts.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('discountEnable', () => {
  it('lets a discount be used again, once of 10 at once', async () => {
    const { id, code } = await discountOf(desk);
    await desk.mutate('discountDisable', { discountId: id });
    expect(await reasons(desk, { codes: [code] })).toEqual(['DISABLED']);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => desk.mutate('discountEnable', { discountId: id }, 'discount { status disabledAt }')),
    );
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toEqual([
      { discount: { status: 'ACTIVE', disabledAt: null }, userErrors: [] },
    ]);
    expect(await reasons(desk, { codes: [code] })).toEqual([]);
    expect(await orders.admin(`select type from events.log where aggregate = $1 order by ordinal`, [id])).toEqual([
      { type: 'discount.created' },
      { type: 'discount.disabled' },
      { type: 'discount.enabled' },
    ]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { id } = await discountOf(desk);
    const foreign = await discountOf(orders.desk());
    const refused = (discountId: string) => desk.refused('discountEnable', { discountId });
    expect(await refused('nonsense')).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused(newId('dsc'))).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused(foreign.id)).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused(id)).toEqual([['ALREADY_ENABLED', null]]);
    await desk.mutate('discountArchive', { discountId: id });
    expect(await refused(id)).toEqual([['ARCHIVED', null]]);
  });
});
