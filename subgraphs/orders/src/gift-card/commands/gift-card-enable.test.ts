import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';
import { entriesOf, issueCard, payByCard, stateOf } from '../../../test/gift-cards.ts';

const orders = await ordersHarness();
const desk = orders.desk();

describe('giftCardEnable', () => {
  it('lets a disabled card be used again', async () => {
    const card = await issueCard(desk);
    await desk.mutate('giftCardDisable', { giftCardId: card.id });
    await desk.mutate('giftCardEnable', { giftCardId: card.id, reason: 'Found' });
    await payByCard(desk, await desk.order(), card, 2000);
    expect(await stateOf(desk, card)).toEqual({ balance: 5000, held: 2000, status: 'ACTIVE' });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const card = await issueCard(desk);
    const refused = (giftCardId: string, rest: object = {}) => desk.refused('giftCardEnable', { giftCardId, ...rest });
    expect(await refused(newId('gft'))).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await refused((await issueCard(orders.desk())).id)).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await refused(card.id, { reason: 'x'.repeat(1001) })).toEqual([['TOO_LONG', 'reason']]);
    expect(await refused(card.id)).toEqual([['NOT_DISABLED', null]]);
    expect(await entriesOf(desk, card)).toEqual(['ISSUE 5000 0']);
  });
});
