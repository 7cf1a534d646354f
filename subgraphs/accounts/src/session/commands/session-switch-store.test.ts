import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, createStore, present, refusals, type Answer, type Tokens } from '../../../test/support.ts';

const { as, admin, merchant, colleague, person, refresh, exchange, runtime, visitor } = await accountsHarness();

const mutation = `mutation ($input: SessionSwitchStoreInput!) {
  sessionSwitchStore(input: $input) { session { accessToken refreshToken store { id slug } } userErrors { code field } }
}`;

describe('sessionSwitchStore', () => {
  it('moves the session: the new access token is bound to the new store, the refresh token stays good', async () => {
    const { client, tokens, storeId } = await merchant('here');
    const there = await createStore(client, 'there');
    const { sessionSwitchStore } = await client.data<Answer<'sessionSwitchStore', { session: Tokens | null }>>(mutation, {
      input: { storeId: there },
    });
    const moved = present(sessionSwitchStore.session);
    expect(moved).toMatchObject({ refreshToken: null, store: { id: there, slug: 'there' } });
    expect(await exchange(moved.accessToken)).toMatchObject({ storeId: there, sessionId: tokens.id });
    expect(await exchange(tokens.accessToken)).toMatchObject({ storeId });
    expect((await refresh(tokens.refreshToken)).session?.store).toEqual({ id: there });
  });

  it('refuses bad input: no id, an unknown one, a store of others, one that was left, a suspended one', async () => {
    const { client, identity } = await merchant('mine');
    const other = await merchant('other');
    const refused = (storeId: string) => refusals(client, 'sessionSwitchStore', 'SessionSwitchStoreInput', { storeId });
    expect(await refused('')).toEqual(['NOT_FOUND storeId']);
    expect(await refused('mine')).toEqual(['NOT_FOUND storeId']);
    expect(await refused(newId('sto'))).toEqual(['NOT_FOUND storeId']);
    expect(await refused(other.storeId)).toEqual(['NOT_FOUND storeId']);

    const former = await colleague(other, 'former@example.test', 'ADMIN');
    await admin(
      `update accounts.members set status = 'SUSPENDED', suspended_at = now() where id = (select id from accounts.members order by created_at desc limit 1)`,
    );
    expect(await refusals(former.client, 'sessionSwitchStore', 'SessionSwitchStoreInput', { storeId: other.storeId })).toEqual([
      'NOT_FOUND storeId',
    ]);

    const second = await createStore(client, 'second');
    await admin(`update accounts.stores set status = 'CLOSED', closed_at = now() where slug = 'second'`);
    expect(await refused(second)).toEqual(['NOT_FOUND storeId']);
    expect(await as({ ...identity, sessionId: newId('ses') }).data(mutation, { input: { storeId: identity.storeId } })).toMatchObject({
      sessionSwitchStore: { session: null, userErrors: [{ code: 'NOT_FOUND', field: null }] },
    });
  });

  it('is for sessions: an API key is refused, a visitor has to log in', async () => {
    const { client, storeId } = await merchant('keys');
    const { secret } = await createApiKey(client, ['store:read']);
    const key = present(await runtime.exchange?.({ kind: 'API_KEY', key: secret }));
    expect(await refusals(as(key), 'sessionSwitchStore', 'SessionSwitchStoreInput', { storeId })).toEqual(['NOT_FOUND']);
    expect(await visitor.codes(mutation, { input: { storeId } })).toEqual(['UNAUTHENTICATED']);
  });

  it('takes a user without any store nowhere', async () => {
    const { storeId } = await merchant('closedshop');
    const { client } = await person('nobody@example.test');
    expect(await refusals(client, 'sessionSwitchStore', 'SessionSwitchStoreInput', { storeId })).toEqual(['NOT_FOUND storeId']);
  });
});
