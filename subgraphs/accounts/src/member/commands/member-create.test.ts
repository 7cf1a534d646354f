import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { accept, accountsHarness, addMember, password, present, refusals, roleIdOf } from '../../../test/support.ts';

const { as, admin, visitor, merchant, colleague, person, signUp, logIn, returning, exchange } = await accountsHarness();

describe('memberCreate', () => {
  it('invites a user, by the address however it is typed, who has no right in the store before they accept', async () => {
    const owner = await merchant('adding');
    const agent = await person('agent@adding.test');
    const memberId = await addMember(owner.client, ' Agent@Adding.test ', await roleIdOf(owner.client, 'AGENT'));
    expect((await logIn('agent@adding.test')).store).toBeNull();
    expect(
      await refusals(visitor, 'sessionCreate', 'SessionCreateInput', { email: 'agent@adding.test', password, storeId: owner.storeId }),
    ).toEqual(['NOT_FOUND storeId']);
    expect(await refusals(agent.client, 'sessionSwitchStore', 'SessionSwitchStoreInput', { storeId: owner.storeId })).toEqual([
      'NOT_FOUND storeId',
    ]);
    const { viewer } = await agent.client.data<{ viewer: object }>('{ viewer { memberships { id status enterable store { slug } } } }');
    expect(viewer).toEqual({ memberships: [{ id: memberId, status: 'INVITED', enterable: false, store: { slug: 'adding' } }] });

    await accept(agent.client, memberId);
    const member = await returning('agent@adding.test');
    expect(member.identity).toMatchObject({ kind: 'STAFF', storeId: owner.storeId });
    expect(member.identity.permissions).toContain('orders:write');
    expect(member.identity.permissions).not.toContain('members:write');
    const { members } = await owner.client.data<{ members: object }>(
      '{ members { totalCount nodes { invitedEmail user { email } role { key } status } } }',
    );
    expect(members).toMatchObject({
      totalCount: 2,
      nodes: [
        { invitedEmail: null, user: { email: 'owner@adding.test' }, role: { key: 'OWNER' }, status: 'ACTIVE' },
        { invitedEmail: 'agent@adding.test', user: { email: 'agent@adding.test' }, role: { key: 'AGENT' }, status: 'ACTIVE' },
      ],
    });
  });

  it('shows nothing of somebody who has not accepted but the address that was typed, not even once the invitation is taken back', async () => {
    const owner = await merchant('curious');
    const victim = await person('victim@curious.test');
    const memberId = await addMember(owner.client, 'Victim@curious.test', await roleIdOf(owner.client, 'AGENT'));
    const ask = async () =>
      owner.client.data<{ members: { nodes: object[] } }>(
        '{ members(statuses: [INVITED, REMOVED]) { nodes { id invitedEmail status joinedAt user { id firstName createdAt } } } }',
      );
    const shown = { id: memberId, invitedEmail: 'victim@curious.test', joinedAt: null, user: null };
    expect((await ask()).members.nodes).toEqual([{ ...shown, status: 'INVITED' }]);
    const userId = present(victim.identity.subjectId);
    const entity = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { email firstName } } }';
    const known = () => owner.client.data(entity, { of: [{ __typename: 'User', id: userId }] });
    expect(await known()).toEqual({ _entities: [null] });
    await owner.client.data('mutation ($input: MemberRemoveInput!) { memberRemove(input: $input) { userErrors { code } } }', {
      input: { memberId },
    });
    expect((await ask()).members.nodes).toEqual([{ ...shown, status: 'REMOVED' }]);
    expect(await known()).toEqual({ _entities: [null] });
    expect(await refusals(victim.client, 'memberAccept', 'MemberAcceptInput', { memberId })).toEqual(['NOT_FOUND memberId']);
  });

  it('invites a removed member under the same id, in the new role', async () => {
    const owner = await merchant('again');
    const former = await colleague(owner, 'former@again.test', 'ADMIN');
    await owner.client.data('mutation ($input: MemberRemoveInput!) { memberRemove(input: $input) { userErrors { code } } }', {
      input: { memberId: former.memberId },
    });
    expect(await exchange(former.tokens.accessToken)).toBeNull();
    expect(await addMember(owner.client, 'former@again.test', await roleIdOf(owner.client, 'AGENT'))).toBe(former.memberId);
    expect(await exchange(former.tokens.accessToken)).toBeNull();
    await accept(former.client, former.memberId);
    expect((await exchange(former.tokens.accessToken))?.permissions).not.toContain('members:write');
  });

  it('tells a store of twenty addresses an hour that nobody has them, and then makes it wait', async () => {
    const owner = await merchant('fishing');
    await signUp('real@fishing.test');
    const roleId = await roleIdOf(owner.client, 'AGENT');
    const ask = (email: string) => refusals(owner.client, 'memberCreate', 'MemberCreateInput', { email, roleId });
    for (let guess = 0; guess < 20; guess += 1) expect(await ask(`guess-${String(guess)}@fishing.test`)).toEqual(['NOT_FOUND email']);
    expect(await ask('one-more@fishing.test')).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(await ask('real@fishing.test')).toEqual(['TOO_MANY_ATTEMPTS']);
    const other = await merchant('patient');
    expect(
      await refusals(other.client, 'memberCreate', 'MemberCreateInput', {
        email: 'real@fishing.test',
        roleId: await roleIdOf(other.client, 'AGENT'),
      }),
    ).toEqual([]);
  });

  it('makes one member of ten calls at the same moment', async () => {
    const owner = await merchant('race');
    await signUp('agent@race.test');
    const input = { email: 'agent@race.test', roleId: await roleIdOf(owner.client, 'AGENT') };
    const answers = await Promise.all(Array.from({ length: 10 }, () => refusals(owner.client, 'memberCreate', 'MemberCreateInput', input)));
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(answers.filter((codes) => codes[0] === 'ALREADY_A_MEMBER email')).toHaveLength(9);
  });

  it('refuses to give a role that holds more than the caller does', async () => {
    const owner = await merchant('above');
    const adminOf = await colleague(owner, 'admin@above.test', 'ADMIN');
    await signUp('friend@above.test');
    const give = async (key: string) => ({ email: 'friend@above.test', roleId: await roleIdOf(owner.client, key) });
    const ask = async (key: string) => refusals(adminOf.client, 'memberCreate', 'MemberCreateInput', await give(key));
    expect(await ask('OWNER')).toEqual(['ABOVE_YOUR_PERMISSIONS roleId']);
    expect(await ask('ADMIN')).toEqual([]);
  });

  it('refuses bad input, another store’s role and whoever has not signed up, and changes nothing', async () => {
    const owner = await merchant('strict');
    const other = await merchant('elsewhere');
    await signUp('out@strict.test');
    await admin(`update accounts.users set active = false where email = 'out@strict.test'`);
    const roleId = await roleIdOf(owner.client, 'AGENT');
    const refused = (input: object) =>
      refusals(owner.client, 'memberCreate', 'MemberCreateInput', { email: 'owner@elsewhere.test', roleId, ...input });
    const [before] = await admin('select count(*)::int as members from accounts.members');
    expect(await refused({ email: '' })).toEqual(['REQUIRED email']);
    expect(await refused({ email: 'nobody' })).toEqual(['INVALID email']);
    expect(await refused({ email: `${'a'.repeat(250)}@b.test` })).toEqual(['TOO_LONG email']);
    expect(await refused({ email: 'nobody@strict.test' })).toEqual(['NOT_FOUND email']);
    expect(await refused({ email: 'out@strict.test' })).toEqual(['NOT_FOUND email']);
    expect(await refused({ email: 'owner@strict.test' })).toEqual(['ALREADY_A_MEMBER email']);
    expect(await refused({ roleId: 'AGENT' })).toEqual(['NOT_FOUND roleId']);
    expect(await refused({ roleId: newId('rol') })).toEqual(['NOT_FOUND roleId']);
    expect(await refused({ roleId: await roleIdOf(other.client, 'AGENT') })).toEqual(['NOT_FOUND roleId']);
    const mutation = 'mutation ($input: MemberCreateInput!) { memberCreate(input: $input) { userErrors { code } } }';
    expect(await as(identity.platform()).codes(mutation, { input: { email: 'owner@elsewhere.test', roleId } })).toEqual(['FORBIDDEN']);
    expect(await as(identity.staff(owner.storeId, 'AGENT')).codes(mutation, { input: { email: 'owner@elsewhere.test', roleId } })).toEqual([
      'FORBIDDEN',
    ]);
    expect(await admin('select count(*)::int as members from accounts.members')).toEqual([before]);
  });
});
