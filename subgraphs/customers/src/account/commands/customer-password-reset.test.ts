import { movableClock, newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { expect, it } from 'vitest';
import { openShop, password } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const { as, codes, events, exchange, links, logIn, mutate, shopper, staff, storeId, visitor } = await openShop({ clock });

const chosen = 'another password of some length';
const link = async (email: string) => {
  await codes('customerPasswordResetRequest', { email });
  return (await links(email)).at(-1)?.secret ?? '';
};
const reset = (token: string, next = chosen) => codes('customerPasswordReset', { token, password: next });
const logInWith = (email: string, typed: string) => codes('customerSessionCreate', { email, password: typed });

it('sets the password, ends every session and says so', async () => {
  const { email, tokens, identity: who } = await shopper();
  const other = await logIn(email);
  const token = await link(email);
  expect(await mutate('customerPasswordReset', { token, password: chosen }, 'reset', visitor)).toEqual({ reset: true, userErrors: [] });
  for (const { accessToken, refreshToken } of [tokens, other]) {
    expect(await exchange(accessToken)).toBeNull();
    expect(await codes('customerSessionRefresh', { refreshToken })).toEqual(['INVALID_REFRESH_TOKEN refreshToken']);
  }
  expect(await logInWith(email, password)).toEqual(['INVALID_CREDENTIALS']);
  expect(await logInWith(email, chosen)).toEqual([]);
  const told = (await events()).filter(({ payload }) => payload['customerId'] === who.subjectId).slice(-3);
  expect(told.map(({ type, payload }) => [type, payload['reason'] ?? payload['by']])).toEqual([
    ['customer.sessionRevoked', 'PASSWORD_CHANGED'],
    ['customer.sessionRevoked', 'PASSWORD_CHANGED'],
    ['customer.passwordChanged', 'RESET'],
  ]);
});

it('is done once, also when two ask at the same moment, and by the newest link alone', async () => {
  const { email } = await shopper();
  const [old, token] = [await link(email), await link(email)];
  expect(await reset(old)).toEqual(['INVALID_TOKEN token']);
  const answers = await Promise.all([0, 1, 2].map((at) => reset(token, `${chosen} ${at}`)));
  expect(answers.filter((refused) => refused.length === 0)).toHaveLength(1);
  expect(await reset(token)).toEqual(['INVALID_TOKEN token']);
  expect(await logInWith(email, `${chosen} ${answers.findIndex((refused) => refused.length === 0)}`)).toEqual([]);
});

it('is not to be got round by logging in with the old password at the same moment', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { email } = await shopper();
    const token = await link(email);
    const [, session] = await Promise.all([reset(token), logIn(email).catch(() => null)]);
    expect(session && (await exchange(session.accessToken))).toBeNull();
  }
});

it('is good for an hour', async () => {
  const { email } = await shopper();
  const token = await link(email);
  clock.advance(60 * 60_000 - 1);
  expect(await reset(token, 'too short')).toEqual(['PASSWORD_TOO_SHORT password']);
  clock.advance(1);
  expect(await reset(token)).toEqual(['INVALID_TOKEN token']);
  expect(await logInWith(email, password)).toEqual([]);
});

it('is not done with a link that went to an address that the customer has no longer: removed, or gone with an undone merge', async () => {
  const { email, identity: who } = await shopper();
  const pointsOf = async () => {
    const query = 'query ($id: ID!) { customer(id: $id) { contactPoints { id address } } }';
    return (await staff.data<{ customer: { contactPoints: { id: string; address: string }[] } }>(query, { id: who.subjectId })).customer
      .contactPoints;
  };
  const remove = async (address: string) =>
    mutate('customerContactPointRemove', { contactPointId: (await pointsOf()).find((point) => point.address === address)?.id });

  const guest = await shopper();
  const { merge } = await mutate<{ merge: { id: string } }>(
    'customerMerge',
    { survivorId: who.subjectId, mergedId: guest.identity.subjectId },
    'merge { id }',
  );
  const toGuest = await link(guest.email);
  await mutate('customerMergeUndo', { mergeId: merge.id });
  expect(await reset(toGuest)).toEqual(['INVALID_TOKEN token']);

  const token = await link(email);
  await remove(email);
  expect(await reset(token)).toEqual(['INVALID_TOKEN token']);
  expect(await logInWith(email, chosen)).toEqual(['INVALID_CREDENTIALS']);
});

it('refuses bad input: no token, a link of a sign-up, of another store or of nobody, and no store', async () => {
  const { email } = await shopper();
  const token = await link(email);
  expect(await reset('')).toEqual(['REQUIRED token']);
  expect(await reset('x'.repeat(201))).toEqual(['TOO_LONG token']);
  expect(await reset(token, '')).toEqual(['REQUIRED password']);
  expect(await reset(await link('nobody@shop.test'))).toEqual(['INVALID_TOKEN token']);
  await codes('customerSignUp', { email: 'new@shop.test', password });
  expect(await reset((await links('new@shop.test'))[0]?.secret ?? '')).toEqual(['INVALID_TOKEN token']);
  const elsewhere = as(identity.anonymous(newId('sto')));
  expect(await codes('customerPasswordReset', { token, password: chosen }, elsewhere)).toEqual(['INVALID_TOKEN token']);
  expect(await codes('customerPasswordReset', { token, password: chosen }, as(identity.anonymous()))).toEqual(['NO_STORE']);
  expect(await codes('customerPasswordReset', { token, password: chosen }, as(identity.staff(storeId)))).toEqual([]);
});
