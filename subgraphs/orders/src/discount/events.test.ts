import { newId } from '@storegraph/core';
import { defineReaction, discountCodeIssued, discountCodeRefused, discountCodeRequested, emit, type EventOf } from '@storegraph/events';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../test/desk.ts';
import { reasons } from '../../test/discounts.ts';

type Answer = EventOf<typeof discountCodeIssued> | EventOf<typeof discountCodeRefused>;
const answers: Answer[] = [];
const listen = defineReaction({
  name: 'orders.listen',
  kind: 'effect',
  on: [discountCodeIssued, discountCodeRefused],
  handle: async (_, event) => {
    answers.push(event);
    await Promise.resolve();
  },
});

const orders = await ordersHarness({ watch: [listen] });
await orders.settled();
const desk = orders.desk();

type Terms = EventOf<typeof discountCodeRequested>['payload']['terms'];
const terms = (rest: Partial<Terms> = {}): Terms => ({
  title: 'Thank you',
  kind: 'FIXED_AMOUNT',
  value: 500n,
  currency: 'EUR',
  minimumSubtotal: 2000n,
  maximum: null,
  expiresAt: null,
  usageLimit: 1,
  customerId: null,
  codePrefix: 'TY-',
  ...rest,
});

/** Asks, as some domain would, and gives what it is told under these keys. */
async function request(...asked: readonly { key: string; terms: Terms }[]): Promise<Answer[]> {
  await desk.write((tx) => emit(tx, ...asked.map((each) => discountCodeRequested({ requester: 'loyalty', ...each }))));
  await orders.settled();
  const keys = new Set(asked.map(({ key }) => key));
  return answers.filter(({ payload }) => keys.has(payload.key));
}
const codeIn = (answer: Answer | undefined) => (answer?.type === 'discountCode.issued' ? answer.personal?.code : undefined);

describe('a code that another domain asks for', () => {
  it('is made once for each key, told to who asked, and good on the terms that were asked for', async () => {
    const customerId = await desk.customer();
    const asked = { key: 'points-1', terms: terms({ customerId, expiresAt: new Date('2126-01-01T00:00:00Z') }) };
    const told = await request(asked, asked, { ...asked, terms: terms({ value: 900n }) });
    expect(told).toHaveLength(1);
    expect(await request(asked)).toHaveLength(1);
    const [issued] = told;
    expect(issued).toMatchObject({ type: 'discountCode.issued', payload: { requester: 'loyalty', key: 'points-1', customerId } });
    const code = codeIn(issued) ?? '';
    expect(code).toMatch(/^TY-[34679ACDEFGHJKMNPQRTUWXY]{10}$/);
    expect(JSON.stringify(issued?.payload)).not.toContain(code);
    expect(await reasons(desk, { codes: [code], customerId })).toEqual([]);
    expect(await reasons(desk, { codes: [code], customerId: newId('cus') })).toEqual(['WRONG_CUSTOMER']);
    expect(await reasons(desk, { codes: [code], customerId, currency: 'USD' })).toEqual(['CURRENCY_MISMATCH']);
    expect(await reasons(desk, { codes: [code], customerId, at: new Date('2126-01-01T00:00:00Z') })).toEqual(['EXPIRED']);
  });

  it('shares one discount with all others on the same terms, until staff switch that off', async () => {
    const percent = (rest: Partial<Terms> = {}) =>
      terms({ title: 'Ten', kind: 'PERCENTAGE', value: 1000n, currency: null, minimumSubtotal: null, ...rest });
    const told = await request(
      ...['a', 'b', 'c'].map((key) => ({ key: `shared-${key}`, terms: percent({ usageLimit: key === 'a' ? null : 2 }) })),
    );
    const ids = new Set(told.map((answer) => (answer.type === 'discountCode.issued' ? answer.payload.discountId : null)));
    expect([told.length, ids.size, new Set(told.map(codeIn)).size]).toEqual([3, 1, 3]);
    const [discountId] = ids;
    await desk.mutate('discountDisable', { discountId });
    expect(await request({ key: 'shared-d', terms: percent() })).toMatchObject([
      { type: 'discountCode.refused', payload: { reason: 'DISABLED' } },
    ]);
    await desk.mutate('discountArchive', { discountId });
    expect(await request({ key: 'shared-e', terms: percent() })).toMatchObject([{ type: 'discountCode.issued' }]);
  });

  it('is refused on terms that no discount can have, once, with the reason', async () => {
    const reason = async (key: string, rest: Partial<Terms>) =>
      (await request({ key, terms: terms(rest) })).map((answer) =>
        answer.type === 'discountCode.refused' ? answer.payload.reason : answer.type,
      );
    expect(await reason('bad-1', { value: 0n })).toEqual(['INVALID_TERMS']);
    expect(await reason('bad-2', { value: null })).toEqual(['INVALID_TERMS']);
    expect(await reason('bad-3', { kind: 'PERCENTAGE', value: 10_001n })).toEqual(['INVALID_TERMS']);
    expect(await reason('bad-4', { kind: 'FREE_SHIPPING' })).toEqual(['INVALID_TERMS']);
    expect(await reason('bad-5', { currency: null })).toEqual(['INVALID_TERMS']);
    expect(await reason('bad-6', { currency: 'XQQ' })).toEqual(['UNKNOWN_CURRENCY']);
    expect(await reason('bad-7', { expiresAt: new Date('2001-01-01T00:00:00Z') })).toEqual(['ALREADY_EXPIRED']);
    expect(await reason('bad-8', { codePrefix: 'a b' })).toEqual(['INVALID_TERMS']);
    expect(await reason('bad-9', { kind: 'FREE_SHIPPING', value: null, currency: null, minimumSubtotal: null })).toEqual([
      'discountCode.issued',
    ]);
  });
});
