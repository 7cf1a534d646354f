import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { discountOf, reasons } from '../../../test/discounts.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('discountArchive', () => {
  it('makes its codes unknown, keeps them taken, and leaves the discount to be read', async () => {
    const { id, code } = await discountOf(desk);
    const { discount } = await desk.mutate(
      'discountArchive',
      { discountId: id },
      'discount { id status availableTransitions { allowed } }',
    );
    expect(discount).toEqual({ id, status: 'ARCHIVED', availableTransitions: Array(6).fill({ allowed: false }) });
    expect(await reasons(desk, { codes: [code] })).toEqual(['UNKNOWN_CODE']);
    expect(await desk.refused('discountCreate', { title: 'x', method: 'CODE', kind: 'FREE_SHIPPING', code })).toEqual([
      ['CODE_TAKEN', 'code'],
    ]);
    expect(await desk.staff.data('{ discounts { nodes { id } } }')).toEqual({ discounts: { nodes: [] } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { id } = await discountOf(desk);
    const foreign = await discountOf(orders.desk());
    const refused = (discountId: string) => desk.refused('discountArchive', { discountId });
    expect(await refused('nonsense')).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused(newId('dsc'))).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused(foreign.id)).toEqual([['NOT_FOUND', 'discountId']]);
    await desk.mutate('discountArchive', { discountId: id });
    expect(await refused(id)).toEqual([['ALREADY_ARCHIVED', null]]);
  });
});
