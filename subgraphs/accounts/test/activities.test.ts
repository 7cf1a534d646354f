import { movableClock, newId, toUuid } from '@storegraph/core';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, present, refusals, type Merchant } from './support.ts';

const clock = movableClock(new Date());
const { as, admin, merchant, colleague, runtime, settled, pool, sent } = await accountsHarness({ clock });

interface Page {
  readonly activities: {
    readonly totalCount: number;
    readonly nodes: {
      readonly action: string;
      readonly occurredAt: string;
      readonly resourceKind: string | null;
      readonly performer: { readonly kind: string; readonly name: string | null; readonly user: { readonly id: string } | null };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const list = async (of: Merchant, filter: object | null = null, page: object = {}) => {
  const answer = await of.client.data<Page>(
    `query ($filter: ActivityFilter, $first: Int, $after: String) {
      activities(filter: $filter, first: $first, after: $after) {
        totalCount
        nodes { action occurredAt resourceKind resourceId requestId performer { kind id name user { id } apiKey { id } } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    { filter, ...page },
  );
  return answer.activities;
};

describe('activities', () => {
  it('lists what staff and API keys did, the latest first, with who and to what', async () => {
    const owner = await merchant('logged');
    const agent = await colleague(owner, 'agent@logged.test', 'AGENT');
    const { id: keyId, secret } = await createApiKey(owner.client, ['store:write']);
    const key = as(present(await runtime.exchange?.({ kind: 'API_KEY', key: secret })));
    await refusals(key, 'storeUpdate', 'StoreUpdateInput', { name: 'By a program' });
    await refusals(owner.client, 'memberRemove', 'MemberRemoveInput', { memberId: agent.memberId });
    await settled();
    const { nodes, totalCount } = await list(owner);
    expect(nodes.map(({ action, resourceKind, performer }) => [action, resourceKind, performer.kind, performer.name])).toEqual([
      ['memberRemove', 'Member', 'STAFF', 'Ann Smith'],
      ['storeUpdate', 'Store', 'API_KEY', 'A program'],
      ['apiKeyCreate', 'ApiKey', 'STAFF', 'Ann Smith'],
      ['sessionCreate', 'SessionTokens', 'STAFF', 'Ann Smith'],
      ['invitationAccept', 'Membership', 'STAFF', 'Ann Smith'],
      ['invitationCreate', 'Invitation', 'STAFF', 'Ann Smith'],
      ['sessionCreate', 'SessionTokens', 'STAFF', 'Ann Smith'],
      ['storeCreate', 'Store', 'STAFF', 'Ann Smith'],
    ]);
    expect(totalCount).toBe(8);
    expect(nodes[0]).toMatchObject({
      resourceId: agent.memberId,
      performer: { id: owner.identity.subjectId, user: { id: owner.identity.subjectId }, apiKey: null },
    });
    expect(nodes[1]).toMatchObject({ resourceId: owner.storeId, performer: { id: keyId, user: null, apiKey: { id: keyId } } });

    const names = async (filter: object) => (await list(owner, filter)).nodes.map(({ action }) => action);
    expect(await names({ performerIds: [keyId] })).toEqual(['storeUpdate']);
    expect(await names({ actions: ['invitationCreate', 'memberRemove'] })).toEqual(['memberRemove', 'invitationCreate']);
    expect(await names({ resourceKind: 'Member', resourceId: agent.memberId })).toEqual(['memberRemove']);
    expect(await names({ resourceId: agent.memberId })).toEqual(['memberRemove', 'invitationAccept']);
    expect(await names({ performerKinds: ['API_KEY'] })).toEqual(['storeUpdate']);
    expect(await names({ performerKinds: ['PLATFORM'] })).toEqual([]);
    const at = present(nodes[2]).occurredAt;
    expect(await names({ until: at, actions: ['apiKeyCreate', 'storeCreate'] })).toEqual(['storeCreate']);
    expect(await names({ from: at, actions: ['apiKeyCreate', 'storeCreate'] })).toEqual(['apiKeyCreate']);
    expect(await names({ performerIds: ['nobody'] })).toEqual([]);
  });

  it('says which fields were given, and nothing of what they held', async () => {
    const owner = await merchant('detailed');
    const input = { name: 'A canary of a name', domain: 'canary.example.com' };
    expect(await refusals(owner.client, 'storeUpdate', 'StoreUpdateInput', input)).toEqual([]);
    await settled();
    const answer = await owner.client.data<{ activities: { nodes: object[] } }>(
      '{ activities(first: 1) { nodes { details { fields reason } } } }',
    );
    expect(answer.activities.nodes).toEqual([{ details: { fields: ['name', 'domain'], reason: null } }]);
    expect(JSON.stringify(await admin('select * from accounts.activities'))).not.toMatch(/canary/);
  });

  it('notes nothing that was refused, and shows nothing of another store', async () => {
    const owner = await merchant('quiet');
    await refusals(owner.client, 'storeUpdate', 'StoreUpdateInput', { name: '' });
    await refusals(owner.client, 'apiKeyRevoke', 'ApiKeyRevokeInput', { apiKeyId: newId('key') });
    await settled();
    expect((await list(owner)).nodes.map(({ action }) => action)).toEqual(['sessionCreate', 'storeCreate']);
  });

  it('can’t be changed by a request, nor written twice by a replay', async () => {
    const owner = await merchant('fixed');
    await settled();
    const scope = { domain: 'accounts', identity: owner.identity, correlationId: 'test', origin: 'LIVE' } as const;
    for (const statement of [`update accounts.activities set action = 'x'`, 'delete from accounts.activities']) {
      const db = pool.session(scope);
      await expect(db.write((tx) => tx.execute(sql.raw(statement)))).rejects.toMatchObject({ cause: { code: '42501' } });
      await db.end();
    }
    const [before] = await admin('select count(*)::int as n from accounts.activities');
    const ids = await admin(
      `select count(*)::int as n from accounts.activities a join events.log e on e.id = a.id and e.type = 'activity.recorded'`,
    );
    expect(ids).toEqual([before]);
  });

  it('pages by index, as the role of requests, with the same number of statements for one row and for a hundred', async () => {
    const owner = await merchant('busy');
    const store = toUuid(owner.storeId);
    await admin(`insert into accounts.activities (store_id, id, action, actor_kind, actor_id, occurred_at)
      select '${store}', gen_random_uuid(), 'orderCancel', 'STAFF', 'usr_' || (n % 50), now() - n * interval '1 minute' from generate_series(1, 20000) n`);
    await admin('analyze accounts.activities');
    sent();
    const one = await list(owner, null, { first: 1 });
    const forOne = sent().length;
    const hundred = await list(owner, null, { first: 100, after: one.pageInfo.endCursor });
    expect(sent()).toHaveLength(forOne);
    expect(hundred.nodes).toHaveLength(100);
    expect(hundred.pageInfo.hasNextPage).toBe(true);

    const db = pool.session({ domain: 'accounts', identity: owner.identity, correlationId: 'test', origin: 'LIVE' });
    const plan = async (condition: string) => {
      const query = `select * from accounts.activities where store_id = '${store}' and ${condition} order by occurred_at desc, id desc limit 26`;
      const rows = await db.read((tx) => tx.execute<{ 'QUERY PLAN': string }>(sql.raw(`explain ${query}`)));
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    expect(await plan(`(occurred_at, id) < (now() - interval '3 days', '${store}')`)).toContain('Index Scan using activities_in_order');
    expect(await plan(`actor_id in ('usr_7')`)).toContain('activities_of_actor');
    expect(await plan(`actor_kind in ('PLATFORM')`)).toContain('activities_of_performers');
    expect(await plan(`resource_kind = 'Order'`)).toContain('activities_of_kind');
    expect(await plan(`resource_id = 'ord_7'`)).toContain('activities_of_resource');
    await db.end();
  });

  it('refuses a page that is out of bounds and a filter without end', async () => {
    const owner = await merchant('bounds');
    const codes = (args: string) => owner.client.codes(`{ activities(${args}) { nodes { id } } }`);
    expect(await codes('first: 101')).toEqual(['BAD_REQUEST']);
    expect(await codes('first: -1')).toEqual(['BAD_REQUEST']);
    expect(await codes('after: "nonsense"')).toEqual(['BAD_REQUEST']);
    expect(await codes(`filter: { actions: [${Array.from({ length: 101 }, () => '"a"').join(',')}] }`)).toEqual(['BAD_REQUEST']);
    const agent = await colleague(owner, 'agent@bounds.test', 'AGENT');
    expect(await agent.client.codes('{ activities { nodes { id } } }')).toEqual(['FORBIDDEN']);
  });
});
