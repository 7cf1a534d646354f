import { expect, it } from 'vitest';
import { ordersHarness } from '../../test/desk.ts';
import { cardStorm } from '../../test/card-storm.ts';
import { discrepancies, issueCard } from '../../test/gift-cards.ts';
import { identity } from '@storegraph/testing';
import { guessLimits } from './guess.ts';

const orders = await ordersHarness({ poolSize: 16 });

it('keeps one card exact for 64 clients that hold, capture and release while 200 backends are killed', async () => {
  await cardStorm(orders, { clients: 64, rounds: 20, kills: 200 });
});

it('lets 10,000 guesses of 50 addresses look up no more than 500 codes, and tells nobody of the card that is there', async () => {
  const desk = orders.desk();
  const { code } = await issueCard(desk, { amount: 7777 });
  const visitor = identity.anonymous(desk.storeId);
  const guess = async (text: string, ip: string) => {
    const query = 'query ($code: String!) { giftCardEnquiry(code: $code) { available { amount } } }';
    const answer = await orders.runtime.execute({ query, variables: { code: text }, identity: visitor, requestId: 'guess', ip });
    return answer.errors?.[0]?.extensions?.['code'] ?? JSON.stringify(answer.data);
  };
  const seen = new Map<unknown, number>();
  for (let batch = 0; batch < 100; batch += 1) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => guess(`GUESS-${batch}-${index}`, `198.51.100.${index % 50}`)),
    );
    for (const answer of answers) seen.set(answer, (seen.get(answer) ?? 0) + 1);
  }
  expect([...seen]).toEqual([
    ['{"giftCardEnquiry":null}', 50 * guessLimits.visitor],
    ['RATE_LIMITED', 10_000 - 50 * guessLimits.visitor],
  ]);
  expect(await guess(code, '198.51.100.1')).toBe('RATE_LIMITED');
  expect(await guess(code, '203.0.113.1')).toBe('{"giftCardEnquiry":{"available":{"amount":7777}}}');
  expect(await discrepancies(orders, desk)).toEqual([]);
});
