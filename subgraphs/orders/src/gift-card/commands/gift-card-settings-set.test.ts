import { movableClock } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { discrepancies, entriesOf, issueCard, payByCard, stateOf } from '../../../test/gift-cards.ts';
import { forfeitExpired } from '../jobs.ts';

const clock = movableClock(new Date('2026-03-01T12:00:00.000Z'));
const orders = await ordersHarness({ clock });
const day = 24 * 60 * 60 * 1000;

describe('giftCardSettingsSet', () => {
  it('lets what is left of expired cards be written off after so many days, and what is promised stay', async () => {
    const desk = orders.desk();
    const expiresAt = new Date(clock.now().getTime() + day).toISOString();
    const [promised, lasting] = [await issueCard(desk, { expiresAt }), await issueCard(desk)];
    await payByCard(desk, await desk.order(), promised, 2000);
    const sweep = () => desk.write((tx) => forfeitExpired(tx, clock.now(), 10));
    clock.advance(31 * day);
    // Unless the store says otherwise it owes them for good.
    expect(await sweep()).toBe(0);
    await desk.mutate('giftCardSettingsSet', { forfeitAfterDays: 30 });
    expect(await sweep()).toBe(1);
    expect(await sweep()).toBe(0);
    expect(await stateOf(desk, promised)).toEqual({ balance: 2000, held: 2000, status: 'EXPIRED' });
    expect(await entriesOf(desk, promised)).toEqual(['ISSUE 5000 0', 'HOLD 0 2000', 'EXPIRE -3000 0']);
    expect(await stateOf(desk, lasting)).toMatchObject({ balance: 5000, status: 'ACTIVE' });
    expect(await discrepancies(orders, desk)).toEqual([]);
  });

  it('can be taken back', async () => {
    const desk = orders.desk();
    expect(await desk.mutate('giftCardSettingsSet', { forfeitAfterDays: 0 })).toMatchObject({ settings: { forfeitAfterDays: 0 } });
    expect(await desk.mutate('giftCardSettingsSet', {})).toMatchObject({ settings: { forfeitAfterDays: null } });
    expect(await desk.staff.data('{ giftCardSettings { forfeitAfterDays } }')).toEqual({ giftCardSettings: { forfeitAfterDays: null } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const desk = orders.desk();
    expect(await desk.refused('giftCardSettingsSet', { forfeitAfterDays: -1 })).toEqual([['INVALID', 'forfeitAfterDays']]);
    expect(await desk.refused('giftCardSettingsSet', { forfeitAfterDays: 3651 })).toEqual([['INVALID', 'forfeitAfterDays']]);
    expect(await desk.staff.data('{ giftCardSettings { forfeitAfterDays } }')).toEqual({ giftCardSettings: { forfeitAfterDays: null } });
  });
});
