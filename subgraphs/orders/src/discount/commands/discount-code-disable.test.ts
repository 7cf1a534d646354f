import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness, type Desk } from '../../../test/desk.ts';
import { discountOf, reasons } from '../../../test/discounts.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const codeOf = async (at: Desk, discountId: string) =>
  (await at.mutate<{ code: { id: string; code: string } }>('discountCodeCreate', { discountId })).code;

describe('discountCodeDisable', () => {
  it('switches one code off and leaves the others, once of 10 at once', async () => {
    const { id, code } = await discountOf(desk);
    const other = await codeOf(desk, id);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => desk.mutate('discountCodeDisable', { codeId: other.id }, 'code { status }')),
    );
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toEqual([{ code: { status: 'DISABLED' }, userErrors: [] }]);
    expect(await reasons(desk, { codes: [other.code] })).toEqual(['DISABLED']);
    expect(await reasons(desk, { codes: [code] })).toEqual([]);
    const told = await orders.admin(
      `select count(*)::int as events from events.log where aggregate = $1 and type = 'discountCode.disabled'`,
      [id],
    );
    expect(told).toEqual([{ events: 1 }]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const elsewhere = orders.desk();
    const foreign = await codeOf(elsewhere, (await discountOf(elsewhere)).id);
    const refused = (codeId: string) => desk.refused('discountCodeDisable', { codeId });
    expect(await refused('nonsense')).toEqual([['NOT_FOUND', 'codeId']]);
    expect(await refused(newId('dcd'))).toEqual([['NOT_FOUND', 'codeId']]);
    expect(await refused(foreign.id)).toEqual([['NOT_FOUND', 'codeId']]);
    expect(await reasons(elsewhere, { codes: [foreign.code] })).toEqual([]);
    await elsewhere.mutate('discountCodeDisable', { codeId: foreign.id });
    expect(await elsewhere.refused('discountCodeDisable', { codeId: foreign.id })).toEqual([['ALREADY_DISABLED', null]]);
  });
});
