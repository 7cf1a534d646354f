import { anonymous } from '@storegraph/auth';
import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, present } from './support.ts';

const { as, admin, merchant, colleague, pool } = await accountsHarness();
const mine = await merchant('mine');
const other = await merchant('other');
const agent = await colleague(other, 'agent@other.test', 'AGENT');
const { id: keyId } = await createApiKey(other.client, ['store:read']);
const { roles } = await other.client.data<{ roles: { id: string }[] }>('{ roles { id } }');

const foreign = [
  { __typename: 'Store', id: other.storeId },
  { __typename: 'User', id: other.identity.subjectId },
  { __typename: 'Member', id: agent.memberId },
  { __typename: 'Role', id: present(roles[0]).id },
  { __typename: 'ApiKey', id: keyId },
];
const entities = 'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }';

describe('another store', () => {
  it('answers as a missing one, for every entity and for every kind of caller', async () => {
    const nothing = { _entities: foreign.map(() => null) };
    expect(await mine.client.data(entities, { representations: foreign })).toEqual(nothing);
    expect(await as(identity.apiKey(mine.storeId, mine.identity.permissions)).data(entities, { representations: foreign })).toEqual(
      nothing,
    );
    expect(await as(identity.platform(mine.storeId)).data(entities, { representations: foreign })).toEqual(nothing);
    const missing = [
      { __typename: 'Store', id: newId('sto') },
      { __typename: 'User', id: newId('usr') },
      { __typename: 'Member', id: 'malformed' },
      { __typename: 'Role', id: newId('mem') },
      { __typename: 'ApiKey', id: '' },
    ];
    expect(await mine.client.data(entities, { representations: missing })).toEqual(nothing);
    expect((await other.client.data<{ _entities: unknown[] }>(entities, { representations: foreign }))._entities).toEqual(
      foreign.map(({ __typename }) => ({ __typename })),
    );
  });

  it('shows shoppers and visitors no entity but their own store', async () => {
    for (const caller of [identity.customer(other.storeId), anonymous(other.storeId)]) {
      const answer = await as(caller).run<{ _entities: unknown[] }>(entities, { representations: foreign });
      expect(answer.data?._entities).toEqual([{ __typename: 'Store' }, null, null, null, null]);
      const code = caller.kind === 'CUSTOMER' ? 'FORBIDDEN' : 'UNAUTHENTICATED';
      expect(answer.errors?.map(({ extensions }) => extensions?.['code'])).toEqual([code, code, code, code]);
    }
  });

  it('shows by its slug what everybody may know, to everybody', async () => {
    const query = '{ store(slug: "other") { id slug name currency language } }';
    const known = { store: { id: other.storeId, slug: 'other', name: 'The other store', currency: 'GBP', language: 'en' } };
    for (const caller of [anonymous(), anonymous(mine.storeId), identity.customer(mine.storeId), mine.identity]) {
      expect(await as(caller).data(query)).toEqual(known);
    }
    expect(await mine.client.data('{ store(slug: "other") { domain status country createdAt updatedAt settings { timezone } } }')).toEqual({
      store: { domain: null, status: null, country: null, createdAt: null, updatedAt: null, settings: null },
    });
    const refused = await as(anonymous(other.storeId)).codes(
      '{ store { domain status country createdAt updatedAt settings { timezone } } }',
    );
    expect(refused).toEqual(Array.from({ length: 6 }, () => 'UNAUTHENTICATED'));
    expect(await as(anonymous()).data('{ store(slug: "none") { id } }')).toEqual({ store: null });
    expect(await as(anonymous()).data('{ store { id } viewer { permissions } }')).toEqual({ store: null, viewer: null });
  });

  it('is in no list', async () => {
    const { members } = await mine.client.data<{ members: { nodes: { user: { email: string } }[] } }>(
      '{ members { nodes { user { email } } } }',
    );
    expect(members.nodes).toEqual([{ user: { email: 'owner@mine.test' } }]);
    expect(
      await mine.client.data('{ apiKeys { nodes { id } } activities(filter: { actions: ["apiKeyCreate"] }) { nodes { id } } }'),
    ).toEqual({
      apiKeys: { nodes: [] },
      activities: { nodes: [] },
    });
    expect(await mine.client.data('query ($id: ID!) { member(id: $id) { id } }', { id: agent.memberId })).toEqual({ member: null });
  });

  it('can’t be entered by an identity that names no store', async () => {
    const nowhere = as({ ...mine.identity, storeId: null });
    expect(await nowhere.codes('{ members { nodes { id } } }')).toEqual(['FORBIDDEN']);
    expect(await nowhere.codes('{ roles { id } }')).toEqual(['FORBIDDEN']);
    expect(await nowhere.codes('{ apiKeys { nodes { id } } }')).toEqual(['FORBIDDEN']);
    expect(await nowhere.codes('{ activities { nodes { id } } }')).toEqual(['FORBIDDEN']);
    expect(await nowhere.data('{ store { id } }')).toEqual({ store: null });
  });
});

describe('row-level security alone', () => {
  const tenant = ['stores', 'roles', 'members', 'api_keys', 'activities'];
  const count = async (table: string, caller: typeof mine.identity) => {
    const db = pool.session({ domain: 'accounts', identity: caller, correlationId: 'test', origin: 'LIVE' });
    const rows = await db.read((tx) =>
      tx.execute<{ stores: string[] }>(sql.raw(`select array_agg(distinct store_id::text) as stores from accounts.${table}`)),
    );
    await db.end();
    return rows[0]?.stores ?? [];
  };

  it('shows the rows of the transaction’s store and no others, without any filter', async () => {
    const [row] = await admin(`select id::text from accounts.stores where slug = 'other'`);
    for (const table of tenant) {
      const seen = await count(table, other.identity);
      expect([table, seen.filter((id) => id !== row?.['id'])]).toEqual([table, []]);
      if (table !== 'activities') expect(seen).toHaveLength(1);
    }
  });

  it('shows visitors, shoppers and the storeless nothing but a shopper’s own store', async () => {
    for (const table of tenant) {
      for (const caller of [anonymous(), { ...mine.identity, storeId: null }, identity.platform()])
        expect(await count(table, caller)).toEqual([]);
      for (const caller of [anonymous(mine.storeId), identity.customer(mine.storeId)]) {
        expect(await count(table, caller)).toHaveLength(table === 'stores' ? 1 : 0);
      }
    }
  });

  it('shows a person the rows of that person', async () => {
    for (const table of ['users', 'sessions', 'refresh_tokens']) {
      for (const [caller, people] of [
        [mine.identity, 1],
        [{ ...identity.apiKey(mine.storeId, []) }, 0],
        [anonymous(mine.storeId), 0],
        [identity.customer(mine.storeId), 0],
      ] as const) {
        const db = pool.session({ domain: 'accounts', identity: caller, correlationId: 'test', origin: 'LIVE' });
        const rows = await db.read((tx) =>
          tx.execute<{ n: number }>(sql.raw(`select count(distinct user_id)::int as n from accounts.${table}`)),
        );
        await db.end();
        expect([table, rows[0]?.n]).toEqual([table, people]);
      }
    }
  });
});
