import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';
import { issueCard } from '../../../test/gift-cards.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const enquiry = async (code: string) =>
  (
    await desk.staff.data<{ giftCardEnquiry: object | null }>(
      'query ($code: String!) { giftCardEnquiry(code: $code) { available { amount } } }',
      { code },
    )
  ).giftCardEnquiry;

describe('giftCardCodeReplace', () => {
  it('gives a card another code, and the one before is good no more', async () => {
    const card = await issueCard(desk);
    const { code } = await desk.mutate<{ code: string }>('giftCardCodeReplace', { giftCardId: card.id, idempotencyKey: key() });
    expect(code).not.toBe(card.code);
    expect(await enquiry(card.code)).toBeNull();
    expect(await enquiry(code.toLowerCase().replaceAll('-', ' '))).toEqual({ available: { amount: 5000 } });
    expect(await orders.admin(`select type, secret_for from events.log where aggregate = $1 order by type`, [card.id])).toEqual([
      { type: 'giftCard.codeReplaced', secret_for: 'messaging' },
      { type: 'giftCard.issued', secret_for: 'messaging' },
    ]);
  });

  it('replaces once for 50 concurrent calls with one key, and tells all of them the same code', async () => {
    const card = await issueCard(desk);
    const once = { giftCardId: card.id, idempotencyKey: key() };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.mutate<{ code: string }>('giftCardCodeReplace', once, 'giftCard { id } code')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await enquiry(answers[0]?.code ?? '')).toEqual({ available: { amount: 5000 } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const refused = (giftCardId: string, rest: object = {}) =>
      desk.refused('giftCardCodeReplace', { giftCardId, idempotencyKey: key(), ...rest });
    const card = await issueCard(desk);
    const credit = { customerId: await desk.customer(), amount: 1, currency: 'EUR', idempotencyKey: key() };
    const { giftCard } = await desk.mutate<{ giftCard: { id: string } }>('storeCreditGrant', credit);
    expect(await refused(giftCard.id)).toEqual([['HAS_NO_CODE', 'giftCardId']]);
    expect(await refused(newId('gft'))).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await refused((await issueCard(orders.desk())).id)).toEqual([['NOT_FOUND', 'giftCardId']]);
    expect(await refused(card.id, { reason: 'x'.repeat(1001) })).toEqual([['TOO_LONG', 'reason']]);
    expect(await enquiry(card.code)).toEqual({ available: { amount: 5000 } });
  });
});
