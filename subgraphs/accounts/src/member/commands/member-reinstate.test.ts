import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, refusals, type Merchant } from '../../../test/support.ts';

const { admin, merchant, colleague, exchange } = await accountsHarness();
const reinstate = (by: Merchant, memberId: string) => refusals(by.client, 'memberReinstate', 'MemberReinstateInput', { memberId });
const suspend = (by: Merchant, memberId: string) => refusals(by.client, 'memberSuspend', 'MemberSuspendInput', { memberId });
const owner = await merchant('letting');
const agent = await colleague(owner, 'agent@letting.test', 'AGENT');

describe('memberReinstate', () => {
  it('gives the suspended member their role back, with the very next request', async () => {
    await suspend(owner, agent.memberId);
    expect(await exchange(agent.tokens.accessToken)).toBeNull();
    expect(await reinstate(owner, agent.memberId)).toEqual([]);
    expect((await exchange(agent.tokens.accessToken))?.permissions).toContain('orders:write');
    const query = 'query ($id: ID!) { member(id: $id) { status suspendedAt } }';
    expect(await owner.client.data(query, { id: agent.memberId })).toEqual({ member: { status: 'ACTIVE', suspendedAt: null } });
    expect(await admin(`select type from events.log where type like 'member.%' and aggregate = $1 order by id`, [agent.memberId])).toEqual([
      { type: 'member.added' },
      { type: 'member.suspended' },
      { type: 'member.reinstated' },
    ]);
  });

  it('refuses bad input, who is not suspended, those above the caller and members of another store', async () => {
    const other = await merchant('elsewhere');
    const adminOf = await colleague(owner, 'admin@letting.test', 'ADMIN');
    const second = await colleague(owner, 'second@letting.test', 'OWNER');
    await suspend(owner, second.memberId);
    for (const missing of ['', 'nonsense', newId('mem'), newId('rol')])
      expect(await reinstate(owner, missing)).toEqual(['NOT_FOUND memberId']);
    expect(await reinstate(other, second.memberId)).toEqual(['NOT_FOUND memberId']);
    expect(await reinstate(adminOf, second.memberId)).toEqual(['ABOVE_YOUR_PERMISSIONS memberId']);
    expect(await reinstate(owner, agent.memberId)).toEqual(['NOT_SUSPENDED memberId']);
    await refusals(owner.client, 'memberRemove', 'MemberRemoveInput', { memberId: second.memberId });
    expect(await reinstate(owner, second.memberId)).toEqual(['ALREADY_REMOVED memberId']);
    expect(await exchange(second.tokens.accessToken)).toBeNull();
  });
});
