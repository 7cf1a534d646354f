import { randomUUID } from 'node:crypto';
import { movableClock } from '@storegraph/core';
import type { Identity } from '@storegraph/auth';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness, type Desk } from '../../test/desk.ts';
import { capture, issueCard, payByCard } from '../../test/gift-cards.ts';
import { normalCode } from './code.ts';
import { guessLimits, networkOf } from './guess.ts';
import { fold } from './jobs.ts';

const clock = movableClock(new Date('2026-03-01T12:00:00.000Z'));
const orders = await ordersHarness({ clock });
const hour = 60 * 60 * 1000;

const query = 'query ($code: String!) { giftCardEnquiry(code: $code) { status lastFour available { amount currency } expiresAt } }';
const enquire = async (who: Identity, code: string, ip: string | null) => {
  const answer = await orders.runtime.execute({ query, variables: { code }, identity: who, requestId: randomUUID(), ip });
  return (
    answer.errors?.[0]?.extensions?.['code'] ?? (JSON.parse(JSON.stringify(answer.data)) as Record<string, unknown>)['giftCardEnquiry']
  );
};
const visitor = (desk: Desk) => identity.anonymous(desk.storeId);

describe('giftCardEnquiry', () => {
  it('tells whoever has a code what is on its card, however it is typed', async () => {
    const desk = orders.desk();
    const card = await issueCard(desk, { expiresAt: '2026-03-02T12:00:00.000Z' });
    await payByCard(desk, await desk.order(), card, 2000);
    const known = {
      status: 'ACTIVE',
      lastFour: card.code.slice(-4),
      available: { amount: 3000, currency: 'EUR' },
      expiresAt: '2026-03-02T12:00:00.000Z',
    };
    expect(await enquire(visitor(desk), card.code, '192.0.2.1')).toEqual(known);
    const sloppy = ` ${card.code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    expect(await enquire(visitor(desk), sloppy, '192.0.2.1')).toEqual(known);
  });

  it("answers alike for a code that is none, a disabled card, somebody else's card and another store's", async () => {
    const desk = orders.desk();
    const [mine, theirs] = [await desk.customer(), await desk.customer()];
    const [disabled, restricted, foreign] = [
      await issueCard(desk),
      await issueCard(desk, { customerId: mine }),
      await issueCard(orders.desk()),
    ];
    await desk.mutate('giftCardDisable', { giftCardId: disabled.id });
    for (const code of ['AAAA-AAAA-AAAA-AAAA', '', 'x'.repeat(10_000), disabled.code, restricted.code, foreign.code])
      expect(await enquire(visitor(desk), code, '192.0.2.1')).toBeNull();
    expect(await enquire(identity.customer(desk.storeId, theirs), restricted.code, '192.0.2.2')).toBeNull();
    expect(await enquire(identity.customer(desk.storeId, mine), restricted.code, '192.0.2.2')).toMatchObject({ status: 'ACTIVE' });
  });

  it('is limited by address: of 40 guesses at once 10 are looked up, and then no code at all for an hour', async () => {
    const desk = orders.desk();
    const { code } = await issueCard(desk);
    const guesses = await Promise.all(Array.from({ length: 40 }, (_, index) => enquire(visitor(desk), `GUESS-${index}`, '192.0.2.3')));
    expect(guesses.filter((answer) => answer === null)).toHaveLength(guessLimits.visitor);
    expect(guesses.filter((answer) => answer === 'RATE_LIMITED')).toHaveLength(40 - guessLimits.visitor);
    expect(await enquire(visitor(desk), code, '192.0.2.3')).toBe('RATE_LIMITED');
    // An account is for the asking: it does not lift the limit.
    expect(await enquire(identity.customer(desk.storeId), code, '192.0.2.3')).toBe('RATE_LIMITED');
    expect(await enquire(visitor(desk), code, '192.0.2.4')).toMatchObject({ status: 'ACTIVE' });
    clock.advance(hour);
    expect(await enquire(visitor(desk), code, '192.0.2.3')).toMatchObject({ status: 'ACTIVE' });
  });

  it('tells a visitor of no store of no card', async () => {
    const { code } = await issueCard(orders.desk());
    expect(await enquire(identity.anonymous(), code, '192.0.2.5')).toBeNull();
  });

  it('knows a guesser by the IPv4 address, or by the network that a visitor of IPv6 has to himself', () => {
    expect(
      ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8:1:2:3:4:5:6', '2001:0DB8:1:2::9', '2001:db8::1', '::1', 'fe80::1%eth0', null].map(
        networkOf,
      ),
    ).toEqual([
      '192.0.2.1',
      '192.0.2.1',
      '2001:db8:1:2::/64',
      '2001:db8:1:2::/64',
      '2001:db8:0:0::/64',
      '0:0:0:0::/64',
      'fe80:0:0:0::/64',
      'unknown',
    ]);
    expect(normalCode(' 7k3m-9qxt oIL1 ')).toBe('7K3M9QXT0111');
  });
});

describe('lists of cards', () => {
  it('finds them by status, customer, currency, last four, e-mail and how a name begins', async () => {
    const desk = orders.desk();
    const customerId = await desk.customer();
    const soon = new Date(clock.now().getTime() + 1).toISOString();
    const active = await issueCard(desk, { recipientName: 'Ada Lovelace', recipientEmail: 'ada@example.com' });
    const used = await issueCard(desk, { amount: 100 });
    await capture(desk, await payByCard(desk, await desk.order(), used));
    const expired = await issueCard(desk, { expiresAt: soon, customerId });
    const disabled = await issueCard(desk, { currency: 'JPY' });
    await desk.mutate('giftCardDisable', { giftCardId: disabled.id });
    clock.advance(1);
    const find = async (filter: object) =>
      (
        await desk.staff.data<{ giftCards: { nodes: { id: string }[]; totalCount: number } }>(
          'query ($filter: GiftCardFilter) { giftCards(filter: $filter) { nodes { id } totalCount } }',
          { filter },
        )
      ).giftCards.nodes.map(({ id }) => id);
    expect(await find({})).toEqual([disabled.id, expired.id, used.id, active.id]);
    expect(await find({ status: ['ACTIVE'] })).toEqual([active.id]);
    expect(await find({ status: ['USED', 'DISABLED'] })).toEqual([disabled.id, used.id]);
    expect(await find({ status: ['EXPIRED'] })).toEqual([expired.id]);
    expect(await find({ status: [] })).toEqual([]);
    expect(await find({ customerId })).toEqual([expired.id]);
    expect(await find({ currency: 'JPY' })).toEqual([disabled.id]);
    expect(await find({ lastFour: active.code.slice(-4).toLowerCase() })).toEqual([active.id]);
    expect(await find({ query: active.code.slice(-4) })).toEqual([active.id]);
    expect(await find({ query: 'ADA@example.com' })).toEqual([active.id]);
    expect(await find({ query: 'ada lo' })).toEqual([active.id]);
    expect(await find({ query: 'lovelace' })).toEqual([]);
  });

  it('takes as many statements for 20 cards, customers and entries as for one', async () => {
    const desk = orders.desk();
    const customers = await Promise.all(Array.from({ length: 20 }, () => desk.customer()));
    for (const customerId of customers) await issueCard(desk, { customerId });
    const ask = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Customer {
      giftCards(first: 5) { totalCount nodes { id entries(first: 5) { nodes { kind order { id } } totalCount } } } } } }`;
    const statements = async (ids: readonly string[]) => {
      orders.statements();
      const answer = await desk.staff.data<{ _entities: { giftCards: { totalCount: number } }[] }>(ask, {
        representations: ids.map((id) => ({ __typename: 'Customer', id })),
      });
      expect(answer._entities.map(({ giftCards }) => giftCards.totalCount)).toEqual(ids.map(() => 1));
      return orders.statements().filter((statement) => statement.includes('gift_card')).length;
    };
    expect(await statements(customers)).toBe(await statements(customers.slice(0, 1)));
  });
});

describe('what a store owes', () => {
  it('is told by currency and kind from sums, before they are folded and after, in one statement', async () => {
    const desk = orders.desk();
    const card = await issueCard(desk);
    const [first] = [await issueCard(desk, { amount: 700 }), await issueCard(desk, { amount: 9, currency: 'JPY' })];
    const credit = { customerId: await desk.customer(), amount: 300, currency: 'EUR', idempotencyKey: key() };
    await desk.mutate('storeCreditGrant', credit);
    await capture(desk, await payByCard(desk, await desk.order(), first));
    await payByCard(desk, await desk.order(), card, 2000);
    const ask = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Store { giftCardLiability {
      currency cards balance { amount } held { amount } giftCards { cards balance { amount } held { amount } } storeCredit { cards balance { amount } } } } } }`;
    const liability = async () => {
      orders.statements();
      const answer = await desk.staff.data<{ _entities: { giftCardLiability: object[] }[] }>(ask, {
        representations: [{ __typename: 'Store', id: desk.storeId }],
      });
      expect(orders.statements().filter((statement) => statement.includes('gift_card'))).toHaveLength(1);
      return answer._entities[0]?.giftCardLiability;
    };
    const owed = [
      {
        currency: 'EUR',
        cards: 2,
        balance: { amount: 5300 },
        held: { amount: 2000 },
        giftCards: { cards: 1, balance: { amount: 5000 }, held: { amount: 2000 } },
        storeCredit: { cards: 1, balance: { amount: 300 } },
      },
      {
        currency: 'JPY',
        cards: 1,
        balance: { amount: 9 },
        held: { amount: 0 },
        giftCards: { cards: 1, balance: { amount: 9 }, held: { amount: 0 } },
        storeCredit: { cards: 0, balance: { amount: 0 } },
      },
    ];
    expect(await liability()).toEqual(owed);
    await desk.write(fold);
    expect(await liability()).toEqual(owed);
  });
});
