import { movableClock, newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accept, accountsHarness, createApiKey, invite, present, refusals, roleIdOf, type Person } from '../../../test/support.ts';

const clock = movableClock(new Date());
const { as, admin, visitor, merchant, colleague, person, runtime, exchange, settled, mailed } = await accountsHarness({ clock });

const mutation = `mutation ($input: InvitationAcceptInput!) {
  invitationAccept(input: $input) { membership { id status enterable store { slug } role { key } } userErrors { code field } }
}`;
const refused = (by: Pick<Person, 'client'>, input: object) => refusals(by.client, 'invitationAccept', 'InvitationAcceptInput', input);
const invited = async (slug: string, key = 'AGENT') => {
  const owner = await merchant(slug);
  const guest = await person(`guest@${slug}.test`);
  const invitationId = await invite(owner.client, guest.email, await roleIdOf(owner.client, key));
  return { owner, guest, invitationId, token: await mailed(guest.email) };
};

describe('invitationAccept', () => {
  it('makes whoever has the link a member, whom the store may know from then on', async () => {
    const { owner, guest, token } = await invited('joining');
    expect(await guest.client.data(mutation, { input: { token } })).toEqual({
      invitationAccept: {
        membership: {
          id: expect.stringMatching(/^mem_/),
          status: 'ACTIVE',
          enterable: true,
          store: { slug: 'joining' },
          role: { key: 'AGENT' },
        },
        userErrors: [],
      },
    });
    const { members } = await owner.client.data<{ members: { nodes: object[] } }>('{ members { nodes { user { email firstName } } } }');
    expect(members.nodes[1]).toEqual({ user: { email: 'guest@joining.test', firstName: 'Ann' } });
    expect(
      await admin(`select type from events.log where store_id = (select id from accounts.stores where slug = 'joining') and producer = 'accounts'
        and (type like 'member.%' or type like 'invitation.%') order by id`),
    ).toEqual([{ type: 'member.added' }, { type: 'invitation.created' }, { type: 'invitation.accepted' }, { type: 'member.added' }]);
    await settled();
    expect(
      await admin(`select resource_kind, array_to_json(fields) as fields from accounts.activities where action = 'invitationAccept'`),
    ).toEqual([{ resource_kind: 'Membership', fields: ['token'] }]);
  });

  it('is the user’s with the verified address, by the id that they find in their own list, and nobody else’s', async () => {
    const { owner, guest, invitationId } = await invited('verified');
    const list = (who: Person) => who.client.data('{ viewer { invitations { id roleName store { slug } } } }');
    expect(await list(guest)).toEqual({ viewer: { invitations: [] } });
    expect(await refused(guest, { invitationId })).toEqual(['NOT_FOUND invitationId']);
    await admin(`update accounts.users set email_verified_at = now() where email in ('guest@verified.test', 'owner@verified.test')`);
    expect(await list(guest)).toEqual({ viewer: { invitations: [{ id: invitationId, roleName: 'Agent', store: { slug: 'verified' } }] } });
    expect(await refused(owner, { invitationId })).toEqual(['NOT_FOUND invitationId']);
    expect(await refused(guest, { invitationId })).toEqual([]);
    expect(await list(guest)).toEqual({ viewer: { invitations: [] } });
  });

  it('happens once, of five calls by two people at the same moment', async () => {
    const { guest, token } = await invited('race');
    const thief = await person('thief@race.test');
    const answers = await Promise.all([guest, thief, guest, thief, guest].map((who) => refused(who, { token })));
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(answers.filter((codes) => codes[0] === 'ALREADY_ACCEPTED token')).toHaveLength(4);
    expect(await refused(thief, { token })).toEqual(['ALREADY_ACCEPTED token']);
    expect(
      await admin(`select count(*)::int as n from accounts.members where store_id = (select id from accounts.stores where slug = 'race')`),
    ).toEqual([{ n: 2 }]);
  });

  it('is good for a week, and for nothing once it is taken back or the store does not trade', async () => {
    const late = await invited('late');
    const back = await invited('back');
    const shut = await invited('shut');
    await refusals(back.owner.client, 'invitationRevoke', 'InvitationRevokeInput', { invitationId: back.invitationId });
    expect(await refused(back.guest, { token: back.token })).toEqual(['ALREADY_REVOKED token']);
    await admin(`update accounts.stores set status = 'SUSPENDED', suspended_at = now() where slug = 'shut'`);
    expect(await refused(shut.guest, { token: shut.token })).toEqual(['STORE_NOT_ACTIVE token']);
    clock.advance(7 * 24 * 60 * 60_000 - 1000);
    expect(await refused(late.guest, { token: `${late.token}x` })).toEqual(['NOT_FOUND token']);
    clock.advance(2000);
    expect(await refused(late.guest, { token: late.token })).toEqual(['ALREADY_EXPIRED token']);
    clock.advance(-(7 * 24 * 60 * 60_000) - 1000);
  });

  it('is for users: an API key finds nothing, a visitor has to log in, and a member stays what they are', async () => {
    const { owner, token } = await invited('people', 'OWNER');
    const { secret } = await createApiKey(owner.client, ['members:write']);
    const key = as(present(await runtime.exchange?.({ kind: 'API_KEY', key: secret })));
    expect(await refused({ client: key }, { token })).toEqual(['NOT_FOUND token']);
    expect(await visitor.codes(mutation, { input: { token } })).toEqual(['UNAUTHENTICATED']);
    const agent = await colleague(owner, 'agent@people.test', 'AGENT');
    expect(await refused(agent, { token })).toEqual(['ALREADY_A_MEMBER token']);
    await refusals(owner.client, 'memberSuspend', 'MemberSuspendInput', { memberId: agent.memberId });
    expect(await refused(agent, { token })).toEqual(['ALREADY_A_MEMBER token']);
    expect(await exchange(agent.tokens.accessToken)).toBeNull();
  });

  it('refuses bad input, and changes nothing', async () => {
    const { guest, token, invitationId } = await invited('strict');
    expect(await refused(guest, {})).toEqual(['INVALID token']);
    expect(await refused(guest, { token, invitationId })).toEqual(['INVALID token']);
    expect(await refused(guest, { token: '' })).toEqual(['REQUIRED token']);
    expect(await refused(guest, { token: 'x'.repeat(201) })).toEqual(['TOO_LONG token']);
    expect(await refused(guest, { token: `inv_${'a'.repeat(43)}` })).toEqual(['NOT_FOUND token']);
    for (const missing of ['', 'nonsense', newId('inv'), newId('mem')])
      expect(await refused(guest, { invitationId: missing })).toEqual(['NOT_FOUND invitationId']);
    expect(await admin(`select accepted_at from accounts.invitations where email = 'guest@strict.test'`)).toEqual([{ accepted_at: null }]);
    expect(await accept(guest.client, token)).toMatch(/^mem_/);
  });
});
