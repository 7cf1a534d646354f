import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';
import { discrepancies, entriesOf, issueCard, payByCard, stateOf } from '../../../test/gift-cards.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (id: string, amount: number, rest: object = {}) => ({
  giftCardId: id,
  amount,
  reason: 'A mistake',
  idempotencyKey: key(),
  ...rest,
});

describe('giftCardAdjust', () => {
  it('adds and takes with a reason, and each is an entry', async () => {
    const card = await issueCard(desk);
    await desk.mutate('giftCardAdjust', input(card.id, 250));
    await desk.mutate('giftCardAdjust', input(card.id, -5250));
    expect(await stateOf(desk, card)).toEqual({ balance: 0, held: 0, status: 'USED' });
    expect(await entriesOf(desk, card)).toEqual(['ISSUE 5000 0', 'ADJUST 250 0', 'ADJUST -5250 0']);
    expect(await discrepancies(orders, desk)).toEqual([]);
  });

  it('adjusts once for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const card = await issueCard(desk);
    const once = input(card.id, 100);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.mutate('giftCardAdjust', once, 'giftCard { balance { amount } }')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ giftCard: { balance: { amount: 5100 } }, userErrors: [] })]),
    );
  });

  it('never takes below zero, whatever comes at once', async () => {
    const card = await issueCard(desk);
    const answers = await Promise.all(Array.from({ length: 30 }, () => desk.mutate('giftCardAdjust', input(card.id, -700))));
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(7);
    expect(await stateOf(desk, card)).toEqual({ balance: 100, held: 0, status: 'ACTIVE' });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const card = await issueCard(desk);
    await payByCard(desk, await desk.order(), card, 2000);
    const refused = (amount: number, rest: object = {}) => desk.refused('giftCardAdjust', input(card.id, amount, rest));
    expect(await refused(0)).toEqual([['INVALID', 'amount']]);
    expect(await refused(-3001)).toEqual([['INSUFFICIENT_BALANCE', 'amount']]);
    expect(await refused(10 ** 13)).toEqual([['AMOUNT_TOO_HIGH', 'amount']]);
    expect(await refused(1, { reason: '  ' })).toEqual([['REQUIRED', 'reason']]);
    expect(await refused(1, { giftCardId: 'gft_x' })).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await refused(1, { giftCardId: newId('gft') })).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await refused(1, { giftCardId: (await issueCard(orders.desk())).id })).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(
      await desk.staff.codes(
        'mutation ($id: ID!) { giftCardAdjust(input: { giftCardId: $id, amount: 0.5, reason: "x", idempotencyKey: "k" }) { userErrors { code } } }',
        { id: card.id },
      ),
    ).toEqual(['BAD_REQUEST']);
    expect(await stateOf(desk, card)).toEqual({ balance: 5000, held: 2000, status: 'ACTIVE' });
  });
});
