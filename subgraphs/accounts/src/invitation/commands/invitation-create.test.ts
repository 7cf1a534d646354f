import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { accept, accountsHarness, invite, present, refusals, roleIdOf } from '../../../test/support.ts';

const { as, admin, merchant, colleague, person, signUp, logIn, returning, exchange, mailed, sent } = await accountsHarness();

const mutation = `mutation ($input: InvitationCreateInput!) { invitationCreate(input: $input) {
  invitation { id email status role { key } invitedBy { email } acceptedAt member { id } availableTransitions { name allowed reason } } userErrors { code } } }`;

describe('invitationCreate', () => {
  it('invites an address, however it is typed, and gives nobody a right before they accept', async () => {
    const owner = await merchant('adding');
    const roleId = await roleIdOf(owner.client, 'AGENT');
    const answer = await owner.client.data(mutation, { input: { email: ' Agent@Adding.test ', roleId } });
    expect(answer).toEqual({
      invitationCreate: {
        invitation: {
          id: expect.stringMatching(/^inv_/),
          email: 'agent@adding.test',
          status: 'PENDING',
          role: { key: 'AGENT' },
          invitedBy: { email: 'owner@adding.test' },
          acceptedAt: null,
          member: null,
          availableTransitions: [
            { name: 'RESEND', allowed: true, reason: null },
            { name: 'REVOKE', allowed: true, reason: null },
          ],
        },
        userErrors: [],
      },
    });
    const guest = await person('agent@adding.test');
    expect((await logIn('agent@adding.test')).store).toBeNull();
    await accept(guest.client, await mailed('agent@adding.test'));
    const member = await returning('agent@adding.test');
    expect(member.identity.permissions).toContain('orders:write');
    const { invitations, members } = await owner.client.data<{ invitations: object; members: { nodes: object[] } }>(
      `{ invitations(statuses: [ACCEPTED]) { totalCount nodes { status member { invitedEmail user { email } addedBy { email } } } }
         members { nodes { status invitedAt joinedAt } } }`,
    );
    expect(invitations).toEqual({
      totalCount: 1,
      nodes: [
        {
          status: 'ACCEPTED',
          member: { invitedEmail: 'agent@adding.test', user: { email: 'agent@adding.test' }, addedBy: { email: 'owner@adding.test' } },
        },
      ],
    });
    expect(members.nodes[1]).toEqual({ status: 'ACTIVE', invitedAt: expect.any(String), joinedAt: expect.any(String) });
  });

  it('answers alike, after the same statements, whether or not anybody has the address', async () => {
    const owner = await merchant('curious');
    await signUp('known@curious.test');
    const roleId = await roleIdOf(owner.client, 'AGENT');
    const ask = async (email: string) => {
      sent();
      const answer = await owner.client.data(mutation, { input: { email, roleId } });
      return { answer: JSON.stringify(answer).replaceAll(/inv_\w+|known|never/g, ''), statements: sent() };
    };
    expect(await ask('known@curious.test')).toEqual(await ask('never@curious.test'));
    const entity = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { email } } }';
    const [user] = await admin<{ id: string }>(`select user_id::text as id from accounts.users where email = 'known@curious.test'`);
    expect(await owner.client.data(entity, { of: [{ __typename: 'User', id: present(user).id }] })).toEqual({ _entities: [null] });
  });

  it('mails the link to the address alone: the secret is sealed for messaging, and in no answer, payload or table', async () => {
    const owner = await merchant('sealed');
    await invite(owner.client, 'guest@sealed.test', await roleIdOf(owner.client, 'AGENT'));
    const token = await mailed('guest@sealed.test');
    expect(token).toMatch(/^inv_[\w-]{43}$/);
    const [event] = await admin(
      `select payload::text, personal->>'email' as email, secret_for, secret from events.log where type = 'invitation.created' and personal->>'email' = 'guest@sealed.test'`,
    );
    expect(event).toMatchObject({ email: 'guest@sealed.test', secret_for: 'messaging' });
    expect(JSON.stringify(event)).not.toContain(token);
    expect(JSON.stringify(await admin('select * from accounts.invitations'))).not.toContain(token);
  });

  it('invites a removed member again, who comes back under the same id in the new role', async () => {
    const owner = await merchant('again');
    const former = await colleague(owner, 'former@again.test', 'ADMIN');
    await refusals(owner.client, 'memberRemove', 'MemberRemoveInput', { memberId: former.memberId });
    await invite(owner.client, 'former@again.test', await roleIdOf(owner.client, 'AGENT'));
    expect(await exchange(former.tokens.accessToken)).toBeNull();
    expect(await accept(former.client, await mailed('former@again.test'))).toBe(former.memberId);
    expect((await exchange(former.tokens.accessToken))?.permissions).not.toContain('members:write');
  });

  it('makes one invitation of five calls at the same moment', async () => {
    const owner = await merchant('race');
    const input = { email: 'agent@race.test', roleId: await roleIdOf(owner.client, 'AGENT') };
    const ask = () => refusals(owner.client, 'invitationCreate', 'InvitationCreateInput', input);
    const answers = await Promise.all(Array.from({ length: 5 }, ask));
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(answers.filter((codes) => codes[0] === 'ALREADY_INVITED email')).toHaveLength(4);
    expect(await admin(`select count(*)::int as n from events.log where personal->>'email' = 'agent@race.test'`)).toEqual([{ n: 1 }]);
  });

  it('makes a store wait that invites very many, and everybody where one address is invited very often', async () => {
    const busy = await merchant('busy');
    const roleId = await roleIdOf(busy.client, 'AGENT');
    const ask = (email: string) => refusals(busy.client, 'invitationCreate', 'InvitationCreateInput', { email, roleId });
    expect(await ask('first@busy.test')).toEqual([]);
    await admin(`insert into accounts.attempts (id, purpose, subject_key, attempted_at)
      select gen_random_uuid(), purpose, subject_key, attempted_at from accounts.attempts, generate_series(1, 9)
      where purpose = 'INVITED_ADDRESS' and attempted_at = (select max(attempted_at) from accounts.attempts where purpose = 'INVITED_ADDRESS')`);
    expect(await ask('first@busy.test')).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(await ask('second@busy.test')).toEqual([]);
    await admin(`insert into accounts.attempts (id, purpose, subject_key, attempted_at)
      select gen_random_uuid(), purpose, subject_key, attempted_at from accounts.attempts, generate_series(1, 100)
      where purpose = 'INVITATION' and attempted_at = (select max(attempted_at) from accounts.attempts where purpose = 'INVITATION')`);
    expect(await ask('third@busy.test')).toEqual(['TOO_MANY_ATTEMPTS']);
  });

  it('refuses bad input, members, roles above the caller’s and roles of another store, and changes nothing', async () => {
    const owner = await merchant('strict');
    const other = await merchant('elsewhere');
    const adminOf = await colleague(owner, 'admin@strict.test', 'ADMIN');
    const roleId = await roleIdOf(owner.client, 'AGENT');
    const refused = (input: object, by = owner) =>
      refusals(by.client, 'invitationCreate', 'InvitationCreateInput', { email: 'new@strict.test', roleId, ...input });
    const [before] = await admin('select count(*)::int as n from accounts.invitations');
    expect(await refused({ email: '' })).toEqual(['REQUIRED email']);
    expect(await refused({ email: 'nobody' })).toEqual(['INVALID email']);
    expect(await refused({ email: `${'a'.repeat(250)}@b.test` })).toEqual(['TOO_LONG email']);
    expect(await refused({ email: 'owner@strict.test' })).toEqual(['ALREADY_A_MEMBER email']);
    await refusals(owner.client, 'memberSuspend', 'MemberSuspendInput', { memberId: adminOf.memberId });
    expect(await refused({ email: 'admin@strict.test' })).toEqual(['ALREADY_A_MEMBER email']);
    await refusals(owner.client, 'memberReinstate', 'MemberReinstateInput', { memberId: adminOf.memberId });
    expect(await refused({ roleId: await roleIdOf(owner.client, 'OWNER') }, adminOf)).toEqual(['ABOVE_YOUR_PERMISSIONS roleId']);
    for (const missing of ['AGENT', newId('rol'), await roleIdOf(other.client, 'AGENT')])
      expect(await refused({ roleId: missing })).toEqual(['NOT_FOUND roleId']);
    const codes = (who: Parameters<typeof as>[0]) => as(who).codes(mutation, { input: { email: 'new@strict.test', roleId } });
    expect(await codes(identity.staff(owner.storeId, 'AGENT'))).toEqual(['FORBIDDEN']);
    expect(await codes({ ...identity.platform(), permissions: [] })).toEqual(['FORBIDDEN']);
    expect(await admin('select count(*)::int as n from accounts.invitations')).toEqual([before]);
  });
});
