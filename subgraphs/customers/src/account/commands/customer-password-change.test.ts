import { movableClock } from '@storegraph/core';
import { expect, it } from 'vitest';
import { openShop, password } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const { codes, exchange, links, logIn, mutate, shopper, staff } = await openShop({ clock });

const chosen = 'another password of some length';

it('sets the password, lets the session that asks go on and ends the others, and the links that were sent', async () => {
  const { email, tokens, client } = await shopper();
  const other = await logIn(email);
  await codes('customerPasswordResetRequest', { email });
  clock.advance(1000);
  const input = { currentPassword: password, newPassword: chosen };
  expect(await mutate('customerPasswordChange', input, 'account { passwordChangedAt }', client)).toEqual({
    account: { passwordChangedAt: clock.now().toISOString() },
    userErrors: [],
  });
  expect([await exchange(tokens.accessToken), await exchange(other.accessToken)]).toEqual([expect.anything(), null]);
  expect(await codes('customerSessionCreate', { email, password })).toEqual(['INVALID_CREDENTIALS']);
  expect(await codes('customerSessionCreate', { email, password: chosen })).toEqual([]);
  const token = (await links(email)).at(-1)?.secret;
  expect(await codes('customerPasswordReset', { token, password: chosen })).toEqual(['INVALID_TOKEN token']);
});

it('is no way to guess the password', async () => {
  const { client } = await shopper();
  const guess = () => codes('customerPasswordChange', { currentPassword: 'a wrong password', newPassword: chosen }, client);
  for (let at = 0; at < 5; at += 1) expect(await guess()).toEqual(['INVALID_CREDENTIALS currentPassword']);
  expect(await guess()).toEqual(['TOO_MANY_ATTEMPTS']);
});

it('refuses bad input, and whoever is no customer', async () => {
  const { client } = await shopper();
  const change = (input: object, who = client) =>
    codes('customerPasswordChange', { currentPassword: password, newPassword: chosen, ...input }, who);
  expect(await change({ currentPassword: '' })).toEqual(['REQUIRED currentPassword']);
  expect(await change({ newPassword: 'short' })).toEqual(['PASSWORD_TOO_SHORT newPassword']);
  expect(await change({ newPassword: 'x'.repeat(257) })).toEqual(['TOO_LONG newPassword']);
  expect(await change({}, staff)).toEqual(['NOT_FOUND']);
});
