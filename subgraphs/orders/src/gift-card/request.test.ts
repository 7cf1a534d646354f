import type { Id } from '@storegraph/core';
import { defineReaction, emit, giftCardIssued, giftCardRefused, giftCardRequested, type EventOf } from '@storegraph/events';
import { expect, it } from 'vitest';
import { ordersHarness } from '../../test/desk.ts';
import { discrepancies } from '../../test/gift-cards.ts';

const answers: EventOf<typeof giftCardIssued | typeof giftCardRefused>[] = [];
const watch = defineReaction({
  name: 'orders.watch-requested',
  kind: 'projection',
  on: [giftCardIssued, giftCardRefused],
  handle: async (_, event) => void (await Promise.resolve(answers.push(event))),
});
const orders = await ordersHarness({ watch: [watch] });
const desk = orders.desk();
// What is asked for before an effect's first start is not given.
await orders.settled();

const terms = (rest: object = {}) => ({
  kind: 'GIFT_CARD' as const,
  amount: { amount: 2500n, currency: 'EUR' },
  customerId: null as Id<'cus'> | null,
  expiresAt: null,
  ...rest,
});
const recipient = { recipientName: 'Ada', recipientEmail: 'Ada@Example.com', senderName: null, message: null };
const ask = (key: string, asked: ReturnType<typeof terms>) =>
  desk.write((tx) => emit(tx, giftCardRequested({ requester: 'loyalty', key, terms: asked }, { personal: recipient })));

it('issues what another domain asks for once for each key, with the code as a secret, and names requester and key in the answer', async () => {
  const customerId = await desk.customer();
  await Promise.all(Array.from({ length: 5 }, () => ask('rdm-1', terms({ customerId }))));
  await ask('rdm-2', terms({ kind: 'STORE_CREDIT', customerId }));
  await orders.settled();
  expect(answers.map(({ type, payload }) => [type, payload.requester, payload.key])).toEqual([
    ['giftCard.issued', 'loyalty', 'rdm-1'],
    ['giftCard.issued', 'loyalty', 'rdm-2'],
  ]);
  expect(answers[0]?.personal).toEqual({ ...recipient, recipientEmail: 'ada@example.com' });
  const { giftCards } = await desk.staff.data<{ giftCards: object }>(
    '{ giftCards { nodes { kind requester requestKey customer { id } available { amount } recipientName } } }',
  );
  const card = { requester: 'loyalty', customer: { id: customerId }, available: { amount: 2500 }, recipientName: 'Ada' };
  expect(giftCards).toEqual({
    nodes: [
      { ...card, kind: 'STORE_CREDIT', requestKey: 'rdm-2' },
      { ...card, kind: 'GIFT_CARD', requestKey: 'rdm-1' },
    ],
  });
  expect(
    await orders.admin(`select count(*)::integer as secrets from events.log where type = 'giftCard.issued' and secret is not null`),
  ).toEqual([{ secrets: 1 }]);
  expect(await discrepancies(orders, desk)).toEqual([]);
});

it('refuses terms that no card can have, with the reason, and issues nothing', async () => {
  answers.length = 0;
  await ask('bad-1', terms({ amount: { amount: 0n, currency: 'EUR' } }));
  await ask('bad-2', terms({ amount: { amount: 1n, currency: 'XYZ' } }));
  await ask('bad-3', terms({ expiresAt: new Date(0) }));
  await ask('bad-4', terms({ kind: 'STORE_CREDIT' }));
  await orders.settled();
  const reasons = new Map(answers.map(({ payload }) => [payload.key, 'reason' in payload ? payload.reason : 'ISSUED']));
  expect(Object.fromEntries(reasons)).toEqual({
    'bad-1': 'INVALID_TERMS',
    'bad-2': 'UNKNOWN_CURRENCY',
    'bad-3': 'ALREADY_EXPIRED',
    'bad-4': 'CUSTOMER_REQUIRED',
  });
});
