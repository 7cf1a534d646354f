import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { discountOf, reasons } from '../../../test/discounts.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('discountDisable', () => {
  it('switches a discount off with its codes', async () => {
    const { id, code } = await discountOf(desk);
    const { discount } = await desk.mutate('discountDisable', { discountId: id }, 'discount { status codes { nodes { status } } }');
    expect(discount).toEqual({ status: 'DISABLED', codes: { nodes: [{ status: 'ACTIVE' }] } });
    expect(await reasons(desk, { codes: [code] })).toEqual(['DISABLED']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { id } = await discountOf(desk);
    const foreign = await discountOf(orders.desk());
    const refused = (discountId: string) => desk.refused('discountDisable', { discountId });
    expect(await refused('nonsense')).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused(newId('dsc'))).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused(foreign.id)).toEqual([['NOT_FOUND', 'discountId']]);
    await desk.mutate('discountDisable', { discountId: id });
    expect(await refused(id)).toEqual([['ALREADY_DISABLED', null]]);
    await desk.mutate('discountArchive', { discountId: id });
    expect(await refused(id)).toEqual([['ARCHIVED', null]]);
  });
});
