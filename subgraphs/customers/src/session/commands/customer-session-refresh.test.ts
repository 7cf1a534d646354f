import { movableClock, newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { openShop, type Tokens } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const { admin, as, codes, exchange, mutate, shopper, visitor } = await openShop({ clock });
const day = 24 * 60 * 60_000;

const good = async (refreshToken: string): Promise<Tokens> => {
  const fields = 'session { id accessToken refreshToken refreshTokenExpiresAt }';
  const { session, userErrors } = await mutate<{ session: Tokens | null }>('customerSessionRefresh', { refreshToken }, fields, visitor);
  if (!session) throw new Error(`Refused: ${JSON.stringify(userErrors)}`);
  return session;
};
const refused = (refreshToken: string, client = visitor) => codes('customerSessionRefresh', { refreshToken }, client);
const no = ['INVALID_REFRESH_TOKEN refreshToken'];

describe('customerSessionRefresh', () => {
  it('gives new tokens of the same session', async () => {
    const { tokens, identity: who } = await shopper();
    clock.advance(60_000);
    const next = await good(tokens.refreshToken);
    expect(next).toMatchObject({ id: tokens.id, refreshTokenExpiresAt: new Date(clock.now().getTime() + 30 * day).toISOString() });
    expect(next.refreshToken).not.toBe(tokens.refreshToken);
    expect(await exchange(next.accessToken)).toEqual(who);
  });

  it('ends the whole family when an old token comes back, for the thief and for the customer', async () => {
    const { tokens } = await shopper();
    const second = await good(tokens.refreshToken);
    clock.advance(10_001);
    expect(await refused(tokens.refreshToken)).toEqual(no);
    expect(await refused(second.refreshToken)).toEqual(no);
    expect(await exchange(second.accessToken)).toBeNull();
    expect(await admin("select payload->>'reason' as reason from events.log where type = 'customer.sessionRevoked'")).toEqual([
      { reason: 'TOKEN_REUSED' },
    ]);
  });

  it('gives ten calls at the same moment one and the same new token, and the session goes on', async () => {
    const { tokens } = await shopper();
    const answers = await Promise.all(Array.from({ length: 10 }, () => good(tokens.refreshToken)));
    expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(await good(answers[0]?.refreshToken ?? '')).toMatchObject({ id: tokens.id });
  });

  it('gives nothing in another store, where the token is as good as unknown', async () => {
    const { tokens } = await shopper();
    expect(await refused(tokens.refreshToken, as(identity.anonymous(newId('sto'))))).toEqual(no);
    expect(await good(tokens.refreshToken)).toBeDefined();
  });

  it('gives nothing to a customer who is disabled, not even once enabled again', async () => {
    const { tokens, identity: who } = await shopper();
    await mutate('customerStatusSet', { customerId: who.subjectId, status: 'DISABLED' });
    expect(await refused(tokens.refreshToken)).toEqual(no);
    await mutate('customerStatusSet', { customerId: who.subjectId, status: 'ACTIVE' });
    expect(await refused(tokens.refreshToken)).toEqual(no);
  });

  it('works for 30 days after the last time, and not a moment longer', async () => {
    const { tokens } = await shopper();
    clock.advance(30 * day - 1);
    const next = await good(tokens.refreshToken);
    clock.advance(30 * day);
    expect(await refused(next.refreshToken)).toEqual(no);
  });

  it('refuses bad input, and a visitor of no store', async () => {
    expect(await refused('')).toEqual(['REQUIRED refreshToken']);
    expect(await refused('x'.repeat(201))).toEqual(['TOO_LONG refreshToken']);
    expect(await refused('crt_unknown')).toEqual(no);
    expect(await refused('crt_unknown', as(identity.anonymous()))).toEqual(['NO_STORE']);
  });
});
