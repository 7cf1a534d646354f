import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, present, refusals, type Merchant } from '../../../test/support.ts';

const { merchant, colleague, exchange } = await accountsHarness();

const remove = (by: Merchant, memberId: string) => refusals(by.client, 'memberRemove', 'MemberRemoveInput', { memberId });
const memberIdOf = async (of: Merchant): Promise<string> => {
  const { viewer } = await of.client.data<{ viewer: { memberships: { id: string }[] } }>('{ viewer { memberships { id } } }');
  return present(viewer.memberships[0]).id;
};

interface Listed {
  readonly members: { readonly nodes: { readonly id: string; readonly status: string; readonly availableTransitions: object[] }[] };
}

describe('memberRemove', () => {
  it('ends the membership with the very next request, and keeps the row', async () => {
    const owner = await merchant('removing');
    const agent = await colleague(owner, 'agent@removing.test', 'AGENT');
    expect(await exchange(agent.tokens.accessToken)).not.toBeNull();
    expect(await remove(owner, agent.memberId)).toEqual([]);
    expect(await exchange(agent.tokens.accessToken)).toBeNull();
    const list = (statuses: string) =>
      owner.client.data<Listed>(
        `{ members${statuses} { nodes { id status user { email } availableTransitions { name allowed reason } } } }`,
      );
    expect((await list('')).members.nodes.map(({ id }) => id)).not.toContain(agent.memberId);
    expect((await list('(statuses: [REMOVED])')).members.nodes).toEqual([
      {
        id: agent.memberId,
        status: 'REMOVED',
        user: { email: 'agent@removing.test' },
        availableTransitions: [
          { name: 'ROLE_CHANGE', allowed: false, reason: 'ALREADY_REMOVED' },
          { name: 'SUSPEND', allowed: false, reason: 'ALREADY_REMOVED' },
          { name: 'REINSTATE', allowed: false, reason: 'ALREADY_REMOVED' },
          { name: 'REMOVE', allowed: false, reason: 'ALREADY_REMOVED' },
        ],
      },
    ]);
  });

  it('never removes the last owner, and says so beforehand', async () => {
    const owner = await merchant('lonely');
    expect(await remove(owner, await memberIdOf(owner))).toEqual(['LAST_OWNER memberId']);
    const { members } = await owner.client.data<Listed>('{ members { nodes { availableTransitions { name allowed reason } } } }');
    expect(members.nodes[0]?.availableTransitions).toEqual([
      { name: 'ROLE_CHANGE', allowed: false, reason: 'LAST_OWNER' },
      { name: 'SUSPEND', allowed: false, reason: 'LAST_OWNER' },
      { name: 'REINSTATE', allowed: false, reason: 'NOT_SUSPENDED' },
      { name: 'REMOVE', allowed: false, reason: 'LAST_OWNER' },
    ]);
  });

  it('leaves one of two owners who remove each other, or themselves, at the same moment', async () => {
    for (const crosswise of [true, false]) {
      const one = await merchant(`pair-${String(crosswise)}`);
      const two = await colleague(one, `two@pair-${String(crosswise)}.test`, 'OWNER');
      const oneId = await memberIdOf(one);
      const answers = await Promise.all(
        crosswise ? [remove(one, two.memberId), remove(two, oneId)] : [remove(one, oneId), remove(two, two.memberId)],
      );
      expect(answers.toSorted((a, b) => a.length - b.length)).toEqual([[], ['LAST_OWNER memberId']]);
    }
  });

  it('needs at least the rights that the member holds', async () => {
    const owner = await merchant('ranks');
    const adminOf = await colleague(owner, 'admin@ranks.test', 'ADMIN');
    const second = await colleague(owner, 'second@ranks.test', 'OWNER');
    expect(await remove(adminOf, second.memberId)).toEqual(['ABOVE_YOUR_PERMISSIONS memberId']);
    expect(await remove(adminOf, adminOf.memberId)).toEqual([]);
  });

  it('refuses bad input, a second removal and members of another store', async () => {
    const owner = await merchant('strict');
    const other = await merchant('elsewhere');
    const foreign = await colleague(other, 'agent@elsewhere.test', 'AGENT');
    const agent = await colleague(owner, 'agent@strict.test', 'AGENT');
    expect(await remove(owner, '')).toEqual(['NOT_FOUND memberId']);
    expect(await remove(owner, 'x'.repeat(10_000))).toEqual(['NOT_FOUND memberId']);
    expect(await remove(owner, newId('mem'))).toEqual(['NOT_FOUND memberId']);
    expect(await remove(owner, newId('rol'))).toEqual(['NOT_FOUND memberId']);
    expect(await remove(owner, foreign.memberId)).toEqual(['NOT_FOUND memberId']);
    expect(await exchange(foreign.tokens.accessToken)).not.toBeNull();
    expect(await remove(owner, agent.memberId)).toEqual([]);
    expect(await remove(owner, agent.memberId)).toEqual(['ALREADY_REMOVED memberId']);
    expect(await agent.client.codes('mutation { memberRemove(input: { memberId: "x" }) { userErrors { code } } }')).toEqual(['FORBIDDEN']);
  });
});
