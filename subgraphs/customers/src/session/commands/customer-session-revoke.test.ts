import { movableClock, newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { openShop } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const { as, codes, exchange, logIn, mutate, shopper, staff, visitor } = await openShop({ clock });

const alive = async (tokens: { accessToken: string }) => (await exchange(tokens.accessToken)) !== null;
const sessions = '{ currentCustomer { account { sessions { id status current } } } }';

describe('customerSessionRevoke', () => {
  it('ends the session that asks, and says so', async () => {
    const { client, tokens, email } = await shopper();
    const other = await logIn(email);
    expect(await mutate('customerSessionRevoke', {}, 'session { id status revokedReason revokedAt current }', client)).toEqual({
      session: { id: tokens.id, status: 'REVOKED', revokedReason: 'LOGGED_OUT', revokedAt: clock.now().toISOString(), current: true },
      userErrors: [],
    });
    expect([await alive(tokens), await alive(other)]).toEqual([false, true]);
  });

  it('ends one that is named, of the customer’s own alone, and shows which there are', async () => {
    const [mine, theirs] = [await shopper(), await shopper()];
    clock.advance(1000);
    const other = await logIn(mine.email);
    expect(await mine.client.data(sessions)).toEqual({
      currentCustomer: {
        account: {
          sessions: [
            { id: other.id, status: 'ACTIVE', current: false },
            { id: mine.tokens.id, status: 'ACTIVE', current: true },
          ],
        },
      },
    });
    expect(await codes('customerSessionRevoke', { sessionId: other.id }, mine.client)).toEqual([]);
    expect([await alive(mine.tokens), await alive(other)]).toEqual([true, false]);
    expect(await codes('customerSessionRevoke', { sessionId: theirs.tokens.id }, mine.client)).toEqual(['NOT_FOUND sessionId']);
    expect(await codes('customerSessionRevoke', { sessionId: theirs.tokens.id }, staff)).toEqual(['NOT_FOUND sessionId']);
    expect(await alive(theirs.tokens)).toBe(true);
  });

  it('ends all of them at once', async () => {
    const { client, tokens, email } = await shopper();
    const others = [await logIn(email), await logIn(email)];
    const stranger = await shopper();
    expect(await codes('customerSessionRevoke', { all: true }, client)).toEqual([]);
    for (const session of [tokens, ...others]) expect(await alive(session)).toBe(false);
    expect(await alive(stranger.tokens)).toBe(true);
    // To end what has ended changes nothing.
    expect(await codes('customerSessionRevoke', { all: true }, client)).toEqual([]);
  });

  it('takes a refresh token of the store in place of an access token that may have expired', async () => {
    const { tokens } = await shopper();
    const { refreshToken } = tokens;
    expect(await codes('customerSessionRevoke', { refreshToken }, as(identity.anonymous(newId('sto'))))).toEqual([
      'NOT_FOUND refreshToken',
    ]);
    expect(await codes('customerSessionRevoke', { refreshToken }, visitor)).toEqual([]);
    expect(await alive(tokens)).toBe(false);
  });

  it('refuses bad input, and whoever has no session', async () => {
    const { client, tokens } = await shopper();
    expect(await codes('customerSessionRevoke', { refreshToken: '' }, client)).toEqual(['REQUIRED refreshToken']);
    expect(await codes('customerSessionRevoke', { refreshToken: 'x'.repeat(201) }, client)).toEqual(['TOO_LONG refreshToken']);
    expect(await codes('customerSessionRevoke', { refreshToken: 'crt_unknown' }, client)).toEqual(['NOT_FOUND refreshToken']);
    expect(await codes('customerSessionRevoke', { refreshToken: tokens.refreshToken, sessionId: tokens.id }, client)).toEqual([
      'INVALID refreshToken',
      'INVALID sessionId',
    ]);
    expect(await codes('customerSessionRevoke', { sessionId: 'nonsense' }, client)).toEqual(['NOT_FOUND sessionId']);
    expect(await codes('customerSessionRevoke', {}, visitor)).toEqual(['NOT_FOUND']);
    expect(await codes('customerSessionRevoke', {}, as(identity.anonymous()))).toEqual(['NO_STORE']);
    expect(await alive(tokens)).toBe(true);
  });
});
