import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, present, refusals, roleIdOf, type Merchant } from '../../../test/support.ts';

const { admin, merchant, colleague, exchange } = await accountsHarness();

const change = async (by: Merchant, memberId: string, roleId: string) =>
  refusals(by.client, 'memberRoleChange', 'MemberRoleChangeInput', { memberId, roleId });
const memberIdOf = async (of: Merchant): Promise<string> => {
  const { viewer } = await of.client.data<{ viewer: { memberships: { id: string; store: { id: string } }[] } }>(
    '{ viewer { memberships { id store { id } } } }',
  );
  return present(viewer.memberships.find(({ store }) => store.id === of.storeId)).id;
};

describe('memberRoleChange', () => {
  it('gives the member the new role’s rights with the very next request', async () => {
    const owner = await merchant('promoting');
    const agent = await colleague(owner, 'agent@promoting.test', 'AGENT');
    expect(await change(owner, agent.memberId, await roleIdOf(owner.client, 'MANAGER'))).toEqual([]);
    expect((await exchange(agent.tokens.accessToken))?.permissions).toContain('orders:refund');
    expect(await admin(`select count(*)::int as n from events.log where type = 'member.roleChanged'`)).toEqual([{ n: 1 }]);
    expect(await change(owner, agent.memberId, await roleIdOf(owner.client, 'MANAGER'))).toEqual([]);
    expect(await admin(`select count(*)::int as n from events.log where type = 'member.roleChanged'`)).toEqual([{ n: 1 }]);
  });

  it('never takes the last owner out of the role, also when two owners step down at the same moment', async () => {
    const owner = await merchant('stepping');
    const ownId = await memberIdOf(owner);
    const roleId = await roleIdOf(owner.client, 'ADMIN');
    expect(await change(owner, ownId, roleId)).toEqual(['LAST_OWNER memberId']);
    expect(await change(owner, ownId, await roleIdOf(owner.client, 'OWNER'))).toEqual([]);

    const second = await colleague(owner, 'second@stepping.test', 'OWNER');
    const answers = await Promise.all([change(owner, ownId, roleId), change(second, second.memberId, roleId)]);
    expect(answers.toSorted((a, b) => a.length - b.length)).toEqual([[], ['LAST_OWNER memberId']]);
  });

  it('lets nobody give or take more than they hold', async () => {
    const owner = await merchant('escalating');
    const adminOf = await colleague(owner, 'admin@escalating.test', 'ADMIN');
    const agent = await colleague(owner, 'agent@escalating.test', 'AGENT');
    const roleId = await roleIdOf(owner.client, 'OWNER');
    expect(await change(adminOf, adminOf.memberId, roleId)).toEqual(['ABOVE_YOUR_PERMISSIONS roleId']);
    expect(await change(adminOf, agent.memberId, roleId)).toEqual(['ABOVE_YOUR_PERMISSIONS roleId']);
    expect(await change(adminOf, await memberIdOf(owner), await roleIdOf(owner.client, 'AGENT'))).toEqual([
      'ABOVE_YOUR_PERMISSIONS memberId',
    ]);
    expect(await change(adminOf, agent.memberId, await roleIdOf(owner.client, 'ADMIN'))).toEqual([]);
  });

  it('refuses bad input, removed members and ids of another store', async () => {
    const owner = await merchant('strict');
    const other = await merchant('elsewhere');
    const agent = await colleague(owner, 'agent@strict.test', 'AGENT');
    const foreign = await colleague(other, 'agent@elsewhere.test', 'AGENT');
    const roleId = await roleIdOf(owner.client, 'ADMIN');
    expect(await change(owner, '', roleId)).toEqual(['NOT_FOUND memberId']);
    expect(await change(owner, newId('mem'), roleId)).toEqual(['NOT_FOUND memberId']);
    expect(await change(owner, foreign.memberId, roleId)).toEqual(['NOT_FOUND memberId']);
    expect(await change(owner, agent.memberId, 'ADMIN')).toEqual(['NOT_FOUND roleId']);
    expect(await change(owner, agent.memberId, await roleIdOf(other.client, 'ADMIN'))).toEqual(['NOT_FOUND roleId']);
    await refusals(owner.client, 'memberRemove', 'MemberRemoveInput', { memberId: agent.memberId });
    expect(await change(owner, agent.memberId, roleId)).toEqual(['ALREADY_REMOVED memberId']);
  });
});
