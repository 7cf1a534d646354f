import { roleGrants } from '@storegraph/auth';
import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, invite, present, refusals, roleIdOf, type Merchant } from '../../../test/support.ts';

const { admin, as, merchant, colleague, exchange, mailed, person, runtime } = await accountsHarness();

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

  it('ends the ways back in that the member made: open invitations and API keys, those made with these too; and nothing of others', async () => {
    const owner = await merchant('ways');
    const leaver = await colleague(owner, 'leaver@ways.test', 'ADMIN');
    const enter = (key: string) => runtime.exchange?.({ kind: 'API_KEY', key }) ?? Promise.resolve(null);
    const asKey = async (secret: string) => as(present(await enter(secret)));
    const first = await createApiKey(leaver.client, [...roleGrants.AGENT, 'apiKeys:write', 'members:write', 'roles:read']);
    const second = await createApiKey(await asKey(first.secret), ['store:read']);
    const owners = await createApiKey(owner.client, ['store:read']);
    const agent = await roleIdOf(owner.client, 'AGENT');
    await invite(leaver.client, 'alias@ways.test', agent);
    await invite(await asKey(first.secret), 'other-alias@ways.test', agent);
    await invite(owner.client, 'guest@ways.test', agent);

    const query = `mutation ($input: MemberRemoveInput!) { memberRemove(input: $input) { member { status } revokedApiKeyCount userErrors { code } } }`;
    expect(await owner.client.data(query, { input: { memberId: leaver.memberId } })).toEqual({
      memberRemove: { member: { status: 'REMOVED' }, revokedApiKeyCount: 2, userErrors: [] },
    });
    expect([await enter(first.secret), await enter(second.secret)]).toEqual([null, null]);
    expect(await enter(owners.secret)).not.toBeNull();
    const told = await admin(
      `select aggregate from events.log where type = 'apiKey.revoked' and store_id = (select id from accounts.stores where slug = 'ways')`,
    );
    expect(told).toHaveLength(2);
    const open = await owner.client.data<{ invitations: { nodes: { email: string }[] } }>('{ invitations { nodes { email } } }');
    expect(open.invitations.nodes).toEqual([{ email: 'guest@ways.test' }]);
    for (const address of ['alias@ways.test', 'other-alias@ways.test']) {
      const { client } = await person(address);
      expect(await refusals(client, 'invitationAccept', 'InvitationAcceptInput', { token: await mailed(address) })).toEqual([
        'ALREADY_REVOKED token',
      ]);
    }
  });

  it('leaves the API keys alive when asked to, for a program that the store needs', async () => {
    const owner = await merchant('program');
    const leaver = await colleague(owner, 'leaver@program.test', 'ADMIN');
    const { secret } = await createApiKey(leaver.client, ['store:read']);
    const input = { memberId: leaver.memberId, keepApiKeys: true };
    const query = `mutation ($input: MemberRemoveInput!) { memberRemove(input: $input) { revokedApiKeyCount } }`;
    expect(await owner.client.data(query, { input })).toEqual({ memberRemove: { revokedApiKeyCount: 0 } });
    expect(await runtime.exchange?.({ kind: 'API_KEY', key: secret })).not.toBeNull();
  });

  it('lets nothing be made by a request of the member that was on its way', async () => {
    const owner = await merchant('late');
    const leaver = await colleague(owner, 'leaver@late.test', 'ADMIN');
    const { secret } = await createApiKey(leaver.client, ['apiKeys:write', 'members:write', 'store:read', 'roles:read']);
    const key = as(present(await runtime.exchange?.({ kind: 'API_KEY', key: secret })));
    const roleId = await roleIdOf(owner.client, 'AGENT');
    expect(await remove(owner, leaver.memberId)).toEqual([]);
    for (const client of [leaver.client, key]) {
      expect(await refusals(client, 'apiKeyCreate', 'ApiKeyCreateInput', { name: 'Late', permissions: ['store:read'] })).toEqual([
        'FORBIDDEN',
      ]);
      expect(await refusals(client, 'invitationCreate', 'InvitationCreateInput', { email: 'late@late.test', roleId })).toEqual([
        'FORBIDDEN',
      ]);
    }
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
