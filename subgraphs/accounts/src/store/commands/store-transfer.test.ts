import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, memberIdOf, present, refusals, type Merchant } from '../../../test/support.ts';

const { as, admin, runtime, merchant, colleague, exchange } = await accountsHarness();
const transfer = (by: Pick<Merchant, 'client'>, memberId: string) =>
  refusals(by.client, 'storeTransfer', 'StoreTransferInput', { memberId });
const owners = (slug: string) =>
  admin(`select u.email from accounts.members m join accounts.roles r on r.store_id = m.store_id and r.id = m.role_id join accounts.users u on u.user_id = m.user_id
    where r.key = 'OWNER' and m.status = 'ACTIVE' and m.store_id = (select id from accounts.stores where slug = '${slug}') order by 1`);

describe('storeTransfer', () => {
  it('makes the one an owner and the other an admin, with their very next requests', async () => {
    const owner = await merchant('giving');
    const heir = await colleague(owner, 'heir@giving.test', 'AGENT');
    const mutation = `mutation ($input: StoreTransferInput!) { storeTransfer(input: $input) { owner { id role { key } } userErrors { code } } }`;
    expect(await owner.client.data(mutation, { input: { memberId: heir.memberId } })).toEqual({
      storeTransfer: { owner: { id: heir.memberId, role: { key: 'OWNER' } }, userErrors: [] },
    });
    expect((await exchange(heir.tokens.accessToken))?.permissions).toContain('store:transfer');
    const former = await exchange(owner.tokens.accessToken);
    expect(former?.permissions).toContain('members:write');
    expect(former?.permissions).not.toContain('store:transfer');
    expect(await owners('giving')).toEqual([{ email: 'heir@giving.test' }]);
    expect(await admin(`select payload->>'toUserId' as "to" from events.log where type = 'store.ownershipTransferred'`)).toEqual([
      { to: heir.identity.subjectId },
    ]);
    expect(await admin(`select count(*)::int as n from events.log where type = 'member.roleChanged'`)).toEqual([{ n: 2 }]);
  });

  it('leaves one owner of two calls at the same moment', async () => {
    const owner = await merchant('twice');
    const one = await colleague(owner, 'one@twice.test', 'AGENT');
    const two = await colleague(owner, 'two@twice.test', 'AGENT');
    const answers = await Promise.all([transfer(owner, one.memberId), transfer(owner, two.memberId)]);
    expect(answers.toSorted((a, b) => a.length - b.length)).toEqual([[], ['NOT_AN_OWNER']]);
    expect(await owners('twice')).toHaveLength(1);
  });

  it('refuses bad input, who is not active, API keys, and members of another store, and changes nothing', async () => {
    const owner = await merchant('strict');
    const other = await merchant('elsewhere');
    const agent = await colleague(owner, 'agent@strict.test', 'AGENT');
    const { secret } = await createApiKey(owner.client, ['store:transfer']);
    const key = as(present(await runtime.exchange?.({ kind: 'API_KEY', key: secret })));
    expect(await transfer({ client: key }, agent.memberId)).toEqual(['NOT_AN_OWNER']);
    for (const missing of ['', 'x'.repeat(10_000), newId('mem'), newId('rol'), await memberIdOf(other)])
      expect(await transfer(owner, missing)).toEqual(['NOT_FOUND memberId']);
    expect(await transfer(owner, await memberIdOf(owner))).toEqual(['ALREADY_AN_OWNER memberId']);
    await refusals(owner.client, 'memberSuspend', 'MemberSuspendInput', { memberId: agent.memberId });
    expect(await transfer(owner, agent.memberId)).toEqual(['NOT_ACTIVE memberId']);
    expect(await agent.client.codes('mutation { storeTransfer(input: { memberId: "x" }) { userErrors { code } } }')).toEqual(['FORBIDDEN']);
    expect(await owners('strict')).toEqual([{ email: 'owner@strict.test' }]);
  });
});
