import { movableClock } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { expect, it } from 'vitest';
import { openShop } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const { admin, as, codes, create, from, links, mutate, shopper, staff, statements } = await openShop({ clock });

const ask = (email: string, ip = '192.0.2.1') => codes('customerPasswordResetRequest', { email }, from(ip));
const good = () => admin('select count(*)::int as n from customers.one_time_tokens where account_id is not null and ended_at is null');

it('sends a link for an hour, of which the newest alone is good', async () => {
  await shopper({ email: 'ann@shop.test', language: 'fr' });
  await ask('Ann@shop.test');
  await ask('ann@shop.test');
  const sent = await links('ann@shop.test');
  expect(sent.map(({ type, payload }) => [type, payload['mail'], payload['language']])).toEqual([
    ['customerPasswordReset.requested', 'RESET', 'fr'],
    ['customerPasswordReset.requested', 'RESET', 'fr'],
  ]);
  expect(sent[1]?.payload['expiresAt']).toEqual({ $date: new Date(clock.now().getTime() + 60 * 60_000).toISOString() });
  expect(await good()).toEqual([{ n: 1 }]);
});

it('does the same work, and answers alike, for an address without an account', async () => {
  await create({ email: 'guest@known.test' });
  const { client } = await shopper({ email: 'member@known.test' });
  const { currentCustomer } = await client.data<{ currentCustomer: { id: string } }>('{ currentCustomer { id } }');
  await mutate(
    'customerContactPointAdd',
    { customerId: currentCustomer.id, channel: 'EMAIL', address: 'unverified@known.test' },
    '',
    staff,
  );
  const cost = async (name: string) => {
    statements();
    const answer = await mutate('customerPasswordResetRequest', { email: `${name}@known.test` }, 'accepted', from('192.0.2.7'));
    return { answer, sent: statements().filter((text) => text !== 'commit').length };
  };
  const member = await cost('member');
  expect(member.answer).toEqual({ accepted: true, userErrors: [] });
  for (const name of ['nobody', 'guest', 'unverified']) expect(await cost(name)).toEqual(member);
  const told = await Promise.all(['member', 'nobody', 'guest', 'unverified'].map((name) => links(`${name}@known.test`)));
  expect(told.map((list) => list.at(-1)?.payload['mail'])).toEqual(['RESET', 'NO_ACCOUNT', 'NO_ACCOUNT', 'NO_ACCOUNT']);
});

it('floods no mailbox: three an hour, from wherever', async () => {
  for (let at = 0; at < 3; at += 1) expect(await ask('flood@shop.test', `192.0.2.${at}`)).toEqual([]);
  expect(await ask('flood@shop.test', '192.0.2.9')).toEqual(['TOO_MANY_ATTEMPTS']);
});

it('refuses bad input, and a visitor of no store', async () => {
  expect(await ask('')).toEqual(['REQUIRED email']);
  expect(await ask('nobody')).toEqual(['INVALID email']);
  expect(await codes('customerPasswordResetRequest', { email: 'a@b.test' }, as(identity.anonymous()))).toEqual(['NO_STORE']);
});
