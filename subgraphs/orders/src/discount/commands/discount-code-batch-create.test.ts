import { newId, toUuid } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';
import { automatic, discountOf } from '../../../test/discounts.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (discountId: string, rest: object = {}) => ({ discountId, count: 10, idempotencyKey: key(), ...rest });
const codesOf = (id: string) =>
  orders.admin<{ code: string; limit: number | null }>('select code, usage_limit as limit from orders.discount_codes where batch_id = $1', [
    toUuid(id as `dbt_${string}`),
  ]);

describe('discountCodeBatchCreate', () => {
  it('makes 10,000 different codes that nobody guesses', async () => {
    const { id } = await discountOf(desk);
    const selection =
      'batch { id prefix length count usageLimit discount { id } codes(first: 2) { totalCount nodes { code batch { id } } } }';
    const { batch } = await desk.mutate<{ batch: { id: string; codes: { nodes: { code: string; batch: unknown }[] } } }>(
      'discountCodeBatchCreate',
      input(id, { count: 10_000, prefix: 'XMAS-', length: 8 }),
      selection,
    );
    expect(batch).toMatchObject({
      prefix: 'XMAS-',
      length: 8,
      count: 10_000,
      usageLimit: 1,
      discount: { id },
      codes: { totalCount: 10_000 },
    });
    expect(batch.codes.nodes.map((code) => code.batch)).toEqual([{ id: batch.id }, { id: batch.id }]);
    const codes = await codesOf(batch.id);
    expect(new Set(codes.map(({ code }) => code)).size).toBe(10_000);
    expect(codes.every(({ code, limit }) => limit === 1 && /^XMAS-[34679ACDEFGHJKMNPQRTUWXY]{8}$/.test(code))).toBe(true);
  });

  it('makes one batch of 10 calls with one key, and tells it to all', async () => {
    const { id } = await discountOf(desk);
    const once = input(id, { usageLimit: null });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => desk.mutate('discountCodeBatchCreate', once, 'batch { id usageLimit codes { totalCount } }')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ batch: { usageLimit: null, codes: { totalCount: 10 } } });
    expect(await desk.refused('discountCodeBatchCreate', { ...once, count: 11 })).toEqual([['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey']]);
  });

  it('pages through the codes of several discounts with as many statements as through those of one', async () => {
    const page =
      '{ discounts(first: 100) { nodes { id amounts { currency } codes(first: 100) { totalCount nodes { code batch { id } customer { id } } } redemptions(first: 5) { nodes { id } } } } }';
    const count = async () => {
      orders.statements();
      await desk.staff.data(page);
      return orders.statements().length;
    };
    const before = await count();
    await Promise.all([1, 2, 3].map(async () => desk.mutate('discountCodeBatchCreate', input((await discountOf(desk)).id))));
    expect(await count()).toBe(before);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const { id } = await discountOf(desk);
    const foreign = await discountOf(orders.desk());
    const refused = (rest: object, discountId: string = id) => desk.refused('discountCodeBatchCreate', input(discountId, rest));
    expect(await refused({ count: 0 })).toEqual([['INVALID', 'count']]);
    expect(await refused({ count: 10_001 })).toEqual([['INVALID', 'count']]);
    expect(await refused({ length: 3 })).toEqual([['INVALID', 'length']]);
    expect(await refused({ length: 33 })).toEqual([['INVALID', 'length']]);
    expect(await refused({ length: 5 })).toEqual([['TOO_SHORT', 'length']]);
    expect(await refused({ prefix: 'a b' })).toEqual([['INVALID', 'prefix']]);
    expect(await refused({ prefix: 'x'.repeat(21) })).toEqual([['TOO_LONG', 'prefix']]);
    expect(await refused({ usageLimit: 0 })).toEqual([['INVALID', 'usageLimit']]);
    expect(await refused({}, newId('dsc'))).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused({}, foreign.id)).toEqual([['NOT_FOUND', 'discountId']]);
    expect(await refused({}, (await automatic(desk)).id)).toEqual([['NOT_BY_CODE', null]]);
    const known = await orders.admin('select count(*)::int as batches from orders.discount_code_batches where discount_id = $1', [
      toUuid(id),
    ]);
    expect(known).toEqual([{ batches: 0 }]);
    await desk.mutate('discountArchive', { discountId: id });
    expect(await refused({})).toEqual([['ARCHIVED', null]]);
  });
});
