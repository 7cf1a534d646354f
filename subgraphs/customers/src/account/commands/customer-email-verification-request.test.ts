import { movableClock } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { expect, it } from 'vitest';
import { openShop, password } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const { as, codes, create, from, links, mutate, shopper, signUp, statements, verify } = await openShop({ clock });

const again = (email: string, ip = '192.0.2.1') => codes('customerEmailVerificationRequest', { email }, from(ip));

it('sends the link of the newest sign-up again, and the earlier one stays good', async () => {
  const first = await signUp({ email: 'late@shop.test', firstName: 'Ann', language: 'fr' });
  expect(await again(' Late@Shop.test ')).toEqual([]);
  const [, second] = await links('late@shop.test');
  expect(second).toMatchObject({ payload: { mail: 'VERIFICATION', language: 'fr' }, personal: { firstName: 'Ann' } });
  expect(second?.secret).not.toBe(first);
  await verify(second?.secret ?? '');
  expect(await codes('customerEmailVerify', { token: first, password })).toEqual(['INVALID_TOKEN token']);
});

it('does the same work, and answers alike, where nothing waits and where there is an account', async () => {
  await create({ email: 'guest@known.test' });
  await shopper({ email: 'member@known.test' });
  await signUp({ email: 'waiting@known.test' });
  const cost = async (name: string) => {
    statements();
    const answer = await mutate('customerEmailVerificationRequest', { email: `${name}@known.test` }, 'accepted', from('192.0.2.7'));
    return { answer, sent: statements().filter((text) => text !== 'commit') };
  };
  const waiting = await cost('waiting');
  expect(waiting.answer).toEqual({ accepted: true, userErrors: [] });
  for (const name of ['nobody', 'guest', 'member']) expect(await cost(name)).toEqual(waiting);
  const told = await Promise.all(['waiting', 'nobody', 'guest', 'member'].map((name) => links(`${name}@known.test`)));
  expect(told.map((list) => list.at(-1)?.payload['mail'])).toEqual(['VERIFICATION', 'NOTHING_WAITS', 'NOTHING_WAITS', 'HAS_ACCOUNT']);
});

it('makes a link that is good for nothing where nothing waits', async () => {
  await again('nothing@shop.test');
  const [link] = await links('nothing@shop.test');
  expect(await codes('customerEmailVerify', { token: link?.secret, password })).toEqual(['INVALID_TOKEN token']);
});

it('floods no mailbox: three an hour, from wherever', async () => {
  for (let at = 0; at < 3; at += 1) expect(await again('flood@shop.test', `192.0.2.${at}`)).toEqual([]);
  expect(await again('flood@shop.test', '192.0.2.9')).toEqual(['TOO_MANY_ATTEMPTS']);
  clock.advance(60 * 60_000);
  expect(await again('flood@shop.test')).toEqual([]);
});

it('refuses bad input, and a visitor of no store', async () => {
  expect(await again('')).toEqual(['REQUIRED email']);
  expect(await again('nobody')).toEqual(['INVALID email']);
  expect(await codes('customerEmailVerificationRequest', { email: 'a@b.test' }, as(identity.anonymous()))).toEqual(['NO_STORE']);
});
