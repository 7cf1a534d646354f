import { toUuid } from '@storegraph/core';
import { giftCardIssued, defineReaction, type EventOf } from '@storegraph/events';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';
import { discrepancies, entriesOf, issueCard } from '../../../test/gift-cards.ts';

const events: EventOf<typeof giftCardIssued>[] = [];
const watch = defineReaction({
  name: 'orders.watch-issued',
  kind: 'projection',
  on: [giftCardIssued],
  handle: async (_, event) => void (await Promise.resolve(events.push(event))),
});
const orders = await ordersHarness({ watch: [watch] });
const desk = orders.desk();
const input = (rest: object = {}) => ({ amount: 5000, currency: 'EUR', idempotencyKey: key(), ...rest });
const fields =
  'code giftCard { id kind status lastFour currency initial { amount } balance { amount } available { amount } recipientEmail }';

describe('giftCardIssue', () => {
  it('issues a card with its first entry, and shows a code that stands nowhere in the database', async () => {
    const { code, giftCard } = await desk.mutate<{ code: string; giftCard: { id: string } }>(
      'giftCardIssue',
      input({ recipientEmail: 'Ada@Example.com', recipientName: 'Ada', senderName: 'Grace', message: 'For you', tags: ['Gift', 'gift'] }),
      fields,
    );
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(giftCard).toEqual({
      id: giftCard.id,
      kind: 'GIFT_CARD',
      status: 'ACTIVE',
      lastFour: code.slice(-4),
      currency: 'EUR',
      initial: { amount: 5000 },
      balance: { amount: 5000 },
      available: { amount: 5000 },
      recipientEmail: 'ada@example.com',
    });
    expect(await entriesOf(desk, giftCard)).toEqual(['ISSUE 5000 0']);
    expect(await discrepancies(orders, desk)).toEqual([]);
    const stored = await orders.admin(
      `select row_to_json(c)::text || (select string_agg(k.answer || k.input_hash, '') from orders.idempotency_keys k) ||
         (select string_agg(row_to_json(l)::text, '') from events.log l) as text
       from orders.gift_cards c where c.id = $1::uuid`,
      [toUuid(giftCard.id as `gft_${string}`)],
    );
    expect(String(stored[0]?.['text'])).not.toMatch(new RegExp(`${code}|${code.replaceAll('-', '')}`));
  });

  it('tells of the card, with the recipient as personal data and the code as a secret for messaging alone', async () => {
    const { id } = await issueCard(desk, { recipientName: 'Lin', recipientEmail: 'lin@example.com', message: 'Happy birthday' });
    await orders.settled();
    const event = events.find(({ payload }) => payload.giftCardId === id);
    expect(event?.payload).toMatchObject({ kind: 'GIFT_CARD', balance: { amount: 5000n, currency: 'EUR' }, requester: null, key: null });
    expect(event?.personal).toEqual({
      recipientName: 'Lin',
      recipientEmail: 'lin@example.com',
      senderName: null,
      message: 'Happy birthday',
    });
    // This subgraph is not the one that it is sealed for.
    expect(event?.secret).toBeNull();
    expect(await orders.admin(`select secret_for from events.log where aggregate = $1`, [id])).toEqual([{ secret_for: 'messaging' }]);
  });

  it('issues once for 50 concurrent calls with one key, and tells all of them the same code', async () => {
    const once = input();
    const answers = await Promise.all(Array.from({ length: 50 }, () => desk.mutate('giftCardIssue', once, fields)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: expect.stringMatching(/^.{19}$/) });
  });

  it('keeps the codes of two stores apart', async () => {
    const elsewhere = orders.desk();
    const { code } = await issueCard(elsewhere);
    expect(await desk.staff.data('query ($code: String!) { giftCardEnquiry(code: $code) { lastFour } }', { code })).toEqual({
      giftCardEnquiry: null,
    });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const fresh = orders.desk();
    const foreign = await orders.desk().customer();
    const refused = (rest: object) => fresh.refused('giftCardIssue', input(rest));
    expect(await refused({ amount: 0 })).toEqual([['INVALID', 'amount']]);
    expect(await refused({ amount: -1 })).toEqual([['INVALID', 'amount']]);
    expect(await refused({ amount: 10 ** 13 + 1 })).toEqual([['INVALID', 'amount']]);
    expect(await refused({ expiresAt: '2020-01-01T00:00:00Z' })).toEqual([['INVALID', 'expiresAt']]);
    expect(await refused({ message: 'x'.repeat(2001) })).toEqual([['TOO_LONG', 'message']]);
    expect(await refused({ currency: null })).toEqual([['REQUIRED', 'currency']]);
    expect(await refused({ customerId: 'cus_x' })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await refused({ customerId: foreign })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(
      await fresh.staff.codes('mutation { giftCardIssue(input: { amount: 1.5, idempotencyKey: "k" }) { userErrors { code } } }'),
    ).toEqual(['BAD_REQUEST']);
    expect(await fresh.staff.data('{ giftCards { totalCount } }')).toEqual({ giftCards: { totalCount: 0 } });
  });
});
