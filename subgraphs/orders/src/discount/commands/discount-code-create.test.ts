import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { automatic, discountOf, reasons } from '../../../test/discounts.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('discountCodeCreate', () => {
  it('adds a code for one customer, with a limit and an end of its own', async () => {
    const { id } = await discountOf(desk);
    const [one, other] = [await desk.customer(), await desk.customer()];
    const about = { code: 'for ada', customerId: one, usageLimit: 1, endsAt: '2126-01-01T00:00:00.000Z' };
    const selection = 'code { code status usageLimit endsAt customer { id } discount { id } batch { id } }';
    expect((await desk.mutate('discountCodeCreate', { discountId: id, ...about }, selection)).code).toEqual({
      code: 'for ada',
      status: 'ACTIVE',
      usageLimit: 1,
      endsAt: '2126-01-01T00:00:00.000Z',
      customer: { id: one },
      discount: { id },
      batch: null,
    });
    expect(await reasons(desk, { codes: ['FORADA'], customerId: one })).toEqual([]);
    expect(await reasons(desk, { codes: ['FORADA'], customerId: other })).toEqual(['WRONG_CUSTOMER']);
    expect(await reasons(desk, { codes: ['FORADA'] })).toEqual(['CUSTOMER_REQUIRED']);
    expect(await reasons(desk, { codes: ['FORADA'], customerId: one, at: new Date('2126-01-01T00:00:00.000Z') })).toEqual(['EXPIRED']);
  });

  it('makes one that nobody guesses when none is named', async () => {
    const { id } = await discountOf(desk);
    const { code } = await desk.mutate<{ code: { code: string } }>('discountCodeCreate', { discountId: id });
    expect(code.code).toMatch(/^[34679ACDEFGHJKMNPQRTUWXY]{10}$/);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { id, code } = await discountOf(desk);
    const elsewhere = orders.desk();
    const foreign = await discountOf(elsewhere);
    const refused = (rest: object, discountId: string = id) => desk.refused('discountCodeCreate', { discountId, ...rest });
    expect(await refused({ code: ' ' })).toEqual([['REQUIRED', 'code']]);
    expect(await refused({ code: 'x'.repeat(65) })).toEqual([['TOO_LONG', 'code']]);
    expect(await refused({ code: 'a/b' })).toEqual([['INVALID', 'code']]);
    expect(await refused({ usageLimit: 0 })).toEqual([['INVALID', 'usageLimit']]);
    expect(await refused({ code: code.toLowerCase() })).toEqual([['CODE_TAKEN', 'code']]);
    expect(await refused({ customerId: 'nonsense' })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await refused({ customerId: await elsewhere.customer() })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await refused({}, newId('dsc'))).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused({}, foreign.id)).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused({}, (await automatic(desk)).id)).toEqual([['NOT_BY_CODE', null]]);
    expect(await desk.staff.data('query ($id: ID!) { discount(id: $id) { codes { totalCount } } }', { id })).toEqual({
      discount: { codes: { totalCount: 1 } },
    });
    await desk.mutate('discountArchive', { discountId: id });
    expect(await refused({})).toEqual([['ARCHIVED', null]]);
  });
});
