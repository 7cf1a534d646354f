import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, invite, memberIdOf, refusals, roleIdOf, type Merchant } from '../../../test/support.ts';

const { admin, merchant, colleague, exchange, logIn, runtime } = await accountsHarness();
const suspend = (by: Merchant, memberId: string) => refusals(by.client, 'memberSuspend', 'MemberSuspendInput', { memberId });

describe('memberSuspend', () => {
  it('locks the member out of the store with the very next request, and of no other', async () => {
    const owner = await merchant('locking');
    const agent = await colleague(owner, 'agent@locking.test', 'AGENT');
    expect(await suspend(owner, agent.memberId)).toEqual([]);
    expect(await exchange(agent.tokens.accessToken)).toBeNull();
    expect((await logIn('agent@locking.test')).store).toBeNull();
    const query = 'query ($id: ID!) { member(id: $id) { status suspendedAt removedAt availableTransitions { name reason } } }';
    expect(await owner.client.data(query, { id: agent.memberId })).toEqual({
      member: {
        status: 'SUSPENDED',
        suspendedAt: expect.any(String),
        removedAt: null,
        availableTransitions: [
          { name: 'ROLE_CHANGE', reason: null },
          { name: 'SUSPEND', reason: 'ALREADY_SUSPENDED' },
          { name: 'REINSTATE', reason: null },
          { name: 'REMOVE', reason: null },
        ],
      },
    });
    expect(await admin(`select payload->>'memberId' as id from events.log where type = 'member.suspended'`)).toEqual([
      { id: agent.memberId },
    ]);
  });

  it('ends the invitations and API keys that the member made, which do not come back with the member; keys stay when asked for', async () => {
    const owner = await merchant('ways');
    const adminOf = await colleague(owner, 'admin@ways.test', 'ADMIN');
    const keeper = await colleague(owner, 'keeper@ways.test', 'ADMIN');
    const enter = (key: string) => runtime.exchange?.({ kind: 'API_KEY', key });
    const [gone, kept] = [await createApiKey(adminOf.client, ['store:read']), await createApiKey(keeper.client, ['store:read'])];
    const roleId = await roleIdOf(owner.client, 'AGENT');
    for (const { client, email } of [adminOf, keeper]) await invite(client, `alias-${email}`, roleId);
    const query = `mutation ($input: MemberSuspendInput!) { memberSuspend(input: $input) { revokedApiKeyCount userErrors { code } } }`;
    const stop = (memberId: string, keepApiKeys?: boolean) => owner.client.data(query, { input: { memberId, keepApiKeys } });
    expect(await stop(adminOf.memberId)).toEqual({ memberSuspend: { revokedApiKeyCount: 1, userErrors: [] } });
    expect(await stop(keeper.memberId, true)).toEqual({ memberSuspend: { revokedApiKeyCount: 0, userErrors: [] } });
    expect(await refusals(owner.client, 'memberReinstate', 'MemberReinstateInput', { memberId: adminOf.memberId })).toEqual([]);
    expect([await enter(gone.secret), (await enter(kept.secret))?.subjectId]).toEqual([null, kept.id]);
    expect(await owner.client.data('{ invitations { nodes { email } } }')).toEqual({ invitations: { nodes: [] } });
  });

  it('leaves one of two owners who suspend each other, or of whom one suspends and one demotes, at the same moment', async () => {
    for (const demotes of [false, true]) {
      const one = await merchant(`pair-${String(demotes)}`);
      const two = await colleague(one, `two@pair-${String(demotes)}.test`, 'OWNER');
      const oneId = await memberIdOf(one);
      const { roles } = await one.client.data<{ roles: { id: string; key: string }[] }>('{ roles { id key } }');
      const roleId = roles.find(({ key }) => key === 'AGENT')?.id;
      const other = demotes
        ? refusals(two.client, 'memberRoleChange', 'MemberRoleChangeInput', { memberId: oneId, roleId })
        : suspend(two, oneId);
      const answers = await Promise.all([suspend(one, two.memberId), other]);
      expect(answers.toSorted((a, b) => a.length - b.length)).toEqual([[], ['LAST_OWNER memberId']]);
    }
  });

  it('refuses bad input, a second time, those above the caller and members of another store', async () => {
    const owner = await merchant('strict');
    const other = await merchant('elsewhere');
    const agent = await colleague(owner, 'agent@strict.test', 'AGENT');
    const adminOf = await colleague(owner, 'admin@strict.test', 'ADMIN');
    const ownId = await memberIdOf(owner);
    for (const missing of ['', 'x'.repeat(10_000), newId('mem'), newId('rol')])
      expect(await suspend(owner, missing)).toEqual(['NOT_FOUND memberId']);
    expect(await suspend(other, agent.memberId)).toEqual(['NOT_FOUND memberId']);
    expect(await suspend(owner, ownId)).toEqual(['LAST_OWNER memberId']);
    expect(await suspend(adminOf, ownId)).toEqual(['ABOVE_YOUR_PERMISSIONS memberId']);
    expect(await suspend(adminOf, agent.memberId)).toEqual([]);
    expect(await suspend(owner, agent.memberId)).toEqual(['ALREADY_SUSPENDED memberId']);
    await refusals(owner.client, 'memberRemove', 'MemberRemoveInput', { memberId: agent.memberId });
    expect(await suspend(owner, agent.memberId)).toEqual(['ALREADY_REMOVED memberId']);
  });
});
