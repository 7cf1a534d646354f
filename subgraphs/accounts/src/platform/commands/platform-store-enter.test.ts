import { movableClock, newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { accountsHarness, present, refusals, roleIdOf, type Person, type Tokens } from '../../../test/support.ts';

const clock = movableClock(new Date());
const { as, admin, pool, merchant, platformStaff, exchange, logIn, settled } = await accountsHarness({ clock });
const staff = await platformStaff('staff@platform.test');
const owner = await merchant('visited');
const other = await merchant('unvisited');

const mutation = `mutation ($input: PlatformStoreEnterInput!) { platformStoreEnter(input: $input) {
  session { id accessToken refreshToken store { id slug } } userErrors { code field } } }`;
async function enter(storeId: string, reason = 'Ticket 7', who: Person = staff): Promise<string> {
  const { platformStoreEnter } = await who.client.data<{ platformStoreEnter: { session: Tokens | null; userErrors: unknown } }>(mutation, {
    input: { storeId, reason },
  });
  return present(platformStoreEnter.session, platformStoreEnter.userErrors).accessToken;
}
const refused = (input: object) => refusals(staff.client, 'platformStoreEnter', 'PlatformStoreEnterInput', { reason: 'x', ...input });

describe('platformStoreEnter', () => {
  it('gives a token that acts as the one named store, and tells that store’s log of it and of all that is done', async () => {
    const inside = present(await exchange(await enter(owner.storeId)));
    expect(inside).toMatchObject({ kind: 'PLATFORM', storeId: owner.storeId, subjectId: staff.identity.subjectId });
    const client = as(inside);
    expect(await client.data('{ store { slug } viewer { platform } }')).toEqual({ store: { slug: 'visited' }, viewer: { platform: true } });
    expect(await refusals(client, 'storeUpdate', 'StoreUpdateInput', { name: 'Mended', country: null })).toEqual([]);
    await settled();
    const log = await owner.client.data(
      '{ activities(first: 2) { nodes { action resourceId performer { kind id user { id } } details { fields reason } } } }',
    );
    const performer = { kind: 'PLATFORM', id: staff.identity.subjectId, user: null };
    expect(log).toEqual({
      activities: {
        nodes: [
          { action: 'storeUpdate', resourceId: owner.storeId, performer, details: { fields: ['name', 'country'], reason: null } },
          {
            action: 'platformStoreEnter',
            resourceId: owner.storeId,
            performer,
            details: { fields: ['storeId', 'reason'], reason: 'Ticket 7' },
          },
        ],
      },
    });
    const elsewhere = await other.client.data<{ activities: { nodes: object[] } }>(
      '{ activities(filter: { performerKinds: [PLATFORM] }) { nodes { id } } }',
    );
    expect(elsewhere.activities.nodes).toEqual([]);
  });

  it('ends after an hour, however often the same reason is given, with the session, and with the platform’s own', async () => {
    await enter(owner.storeId, 'Long');
    clock.advance(59 * 60_000);
    const token = await enter(owner.storeId, 'Long');
    expect(await exchange(token)).not.toBeNull();
    clock.advance(2 * 60_000);
    expect(await exchange(token)).toBeNull();
    const back = await enter(owner.storeId, 'Long');
    expect(await exchange(back)).not.toBeNull();
    expect(await admin(`select count(*)::int as n from accounts.platform_entries where reason = 'Long'`)).toEqual([{ n: 2 }]);

    const leaver = await platformStaff('leaver@platform.test');
    const theirs = await enter(owner.storeId, 'Last day', leaver);
    expect(await exchange(theirs)).not.toBeNull();
    await admin(
      `delete from accounts.platform_staff p using accounts.users u where u.user_id = p.user_id and u.email = 'leaver@platform.test'`,
    );
    expect(await exchange(theirs)).toBeNull();
    expect(await exchange(leaver.tokens.accessToken)).toBeNull();
  });

  it('leaves nothing behind by which to come back: no API key, no invitation', async () => {
    const inside = as(present(await exchange(await enter(owner.storeId, 'A look'))));
    expect(await refusals(inside, 'apiKeyCreate', 'ApiKeyCreateInput', { name: 'Mine', permissions: ['store:read'] })).toEqual([
      'FORBIDDEN',
    ]);
    for (const key of ['OWNER', 'AGENT']) {
      const input = { email: 'staff@platform.test', roleId: await roleIdOf(inside, key) };
      expect(await refusals(inside, 'invitationCreate', 'InvitationCreateInput', input)).toEqual(['FORBIDDEN']);
    }
    expect(
      await admin(
        `select (select count(*) from accounts.api_keys)::int as keys, (select count(*) from accounts.invitations)::int as invitations`,
      ),
    ).toEqual([{ keys: 0, invitations: 0 }]);
  });

  it('is the only way in: without it platform staff have no permission and see no row of any store', async () => {
    expect(staff.identity).toMatchObject({ kind: 'PLATFORM', storeId: null, permissions: [] });
    for (const query of [
      '{ members { nodes { id } } }',
      '{ activities { nodes { id } } }',
      '{ roles { id } }',
      '{ invitations { nodes { id } } }',
    ])
      expect(await staff.client.codes(query)).toEqual(['FORBIDDEN']);
    expect(await staff.client.data('{ store { id } viewer { platform permissions memberships { id } } }')).toEqual({
      store: null,
      viewer: { platform: true, permissions: [], memberships: [] },
    });
    const entity = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Store { slug } } }';
    expect(await staff.client.data(entity, { of: [{ __typename: 'Store', id: owner.storeId }] })).toEqual({ _entities: [null] });
    const tables = await admin<{
      name: string;
    }>(`select c.relname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'store_id'
      where c.relnamespace = 'accounts'::regnamespace and c.relkind = 'r' and c.relname not in ('store_names', 'api_key_secrets', 'idempotency_keys', 'one_time_tokens')`);
    expect(tables.length).toBeGreaterThanOrEqual(7);
    const db = pool.session({ domain: 'accounts', identity: staff.identity, correlationId: 'test', origin: 'LIVE' });
    for (const { name } of tables) {
      const [row] = await db.read((tx) => tx.execute<{ n: number }>(sql.raw(`select count(*)::int as n from accounts.${name}`)));
      expect([name, row?.n]).toEqual([name, 0]);
    }
    await db.end();
  });

  it('stops a token of one store from being good for another, and a user’s for the platform’s fields', async () => {
    const inside = present(await exchange(await enter(owner.storeId)));
    expect(
      await as(inside).data('query ($id: ID!) { store(slug: "unvisited") { id name status } member(id: $id) { id } }', {
        id: newId('mem'),
      }),
    ).toEqual({
      store: { id: other.storeId, name: 'The unvisited store', status: null },
      member: null,
    });
    expect(await owner.client.codes('{ stores { nodes { status } } }')).toEqual(['FORBIDDEN']);
    expect((await logIn('staff@platform.test')).store).toBeNull();
  });

  it('refuses bad input, stores that are not there and everybody but the platform, and notes nothing', async () => {
    const [before] = await admin('select count(*)::int as n from accounts.platform_entries');
    const { storeId } = owner;
    expect(await refused({ storeId, reason: ' ' })).toEqual(['REQUIRED reason']);
    expect(await refused({ storeId, reason: 'x'.repeat(501) })).toEqual(['TOO_LONG reason']);
    for (const missing of ['', 'x'.repeat(10_000), newId('sto'), newId('mem')])
      expect(await refused({ storeId: missing })).toEqual(['NOT_FOUND storeId']);
    expect(await owner.client.codes(mutation, { input: { storeId, reason: 'x' } })).toEqual(['FORBIDDEN']);
    expect(await as(identity.apiKey(storeId, owner.identity.permissions)).codes(mutation, { input: { storeId, reason: 'x' } })).toEqual([
      'FORBIDDEN',
    ]);
    expect(await admin('select count(*)::int as n from accounts.platform_entries')).toEqual([before]);
  });
});

describe('stores', () => {
  const list = async (args: string) => {
    const { stores } = await staff.client.data<{
      stores: { totalCount: number; nodes: { store: { slug: string } }[]; pageInfo: { endCursor: string } };
    }>(`{ stores${args} { totalCount nodes { store { slug } status country } pageInfo { hasNextPage endCursor } } }`);
    return { slugs: stores.nodes.map(({ store }) => store.slug), totalCount: stores.totalCount, end: stores.pageInfo.endCursor };
  };

  it('lists every store to platform staff, the newest first, by status, country and words', async () => {
    await admin(`update accounts.stores set country = 'DE', name = '100% Käse_Laden' where slug = 'unvisited'`);
    expect(await list('')).toMatchObject({ slugs: ['unvisited', 'visited'], totalCount: 2 });
    expect((await list('(filter: { countries: ["DE"] })')).slugs).toEqual(['unvisited']);
    expect((await list('(filter: { statuses: [SUSPENDED] })')).slugs).toEqual([]);
    expect((await list('(filter: { query: "KÄSE lad" })')).slugs).toEqual(['unvisited']);
    expect((await list('(filter: { query: "mended" })')).slugs).toEqual(['visited']);
    expect((await list('(filter: { query: "%" })')).slugs).toEqual(['unvisited']);
    expect((await list(String.raw`(filter: { query: "\\" })`)).slugs).toEqual([]);
    expect((await list('(filter: { query: "  " })')).slugs).toEqual(['unvisited', 'visited']);
  });

  it('is paged by place, and refuses pages and cursors that there are not', async () => {
    const first = await list('(first: 1)');
    expect(first.slugs).toEqual(['unvisited']);
    expect((await list(`(first: 1, after: "${first.end}")`)).slugs).toEqual(['visited']);
    const forged = Buffer.from(JSON.stringify(['2026-02-31T00:00:00.000Z', newId('sto')])).toString('base64url');
    for (const args of ['(first: 101)', '(first: -1)', '(after: "nonsense")', `(after: "${forged}")`])
      expect(await staff.client.codes(`{ stores${args} { nodes { status } } }`)).toEqual(['BAD_REQUEST']);
  });
});
