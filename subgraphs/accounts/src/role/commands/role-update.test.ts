import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createRole, refusals, roleIdOf, type Merchant } from '../../../test/support.ts';

const { admin, merchant, colleague, exchange } = await accountsHarness();

const make = (by: Merchant, name: string, permissions: string[]) => createRole(by.client, name, permissions);
const give = (by: Merchant, memberId: string, roleId: string) =>
  refusals(by.client, 'memberRoleChange', 'MemberRoleChangeInput', { memberId, roleId });
const update = (by: Merchant, input: object) => refusals(by.client, 'roleUpdate', 'RoleUpdateInput', input);

const owner = await merchant('roles');
const other = await merchant('others');
const adminOf = await colleague(owner, 'admin@roles.test', 'ADMIN');
const agent = await colleague(owner, 'agent@roles.test', 'AGENT');

describe('roleUpdate', () => {
  it('changes its members’ rights with their next request, and keeps what is left out', async () => {
    const roleId = await make(owner, 'Blogger', ['orders:read']);
    await give(owner, agent.memberId, roleId);
    expect(await update(owner, { roleId, permissions: ['customers:read', 'customers:write'] })).toEqual([]);
    expect((await exchange(agent.tokens.accessToken))?.permissions).toEqual(['customers:read', 'customers:write']);
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Role { name description permissions } } }';
    const shown = () => owner.client.data(query, { of: [{ __typename: 'Role', id: roleId }] });
    expect(await update(owner, { roleId, name: 'Writer', description: 'Writes' })).toEqual([]);
    expect(await shown()).toEqual({
      _entities: [{ name: 'Writer', description: 'Writes', permissions: ['customers:read', 'customers:write'] }],
    });
    expect(await update(owner, { roleId, description: null })).toEqual([]);
    expect(await shown()).toMatchObject({ _entities: [{ name: 'Writer', description: null }] });
    expect(await update(owner, { roleId, name: 'WRITER' })).toEqual([]);
  });

  it('gives and takes nothing that the caller does not hold', async () => {
    const roleId = await make(owner, 'Closer', ['orders:read', 'store:close']);
    expect(await update(adminOf, { roleId, name: 'Harmless' })).toEqual(['ABOVE_YOUR_PERMISSIONS roleId']);
    const ordinary = await make(owner, 'Ordinary', ['orders:read']);
    expect(await update(adminOf, { roleId: ordinary, permissions: ['store:transfer'] })).toEqual(['ABOVE_YOUR_PERMISSIONS permissions.0']);
    expect(await update(adminOf, { roleId: ordinary, permissions: ['orders:write'] })).toEqual([]);
  });

  it('refuses bad input, built-in roles and roles of another store, and changes nothing', async () => {
    const roleId = await make(owner, 'Strict', ['orders:read']);
    const before = await admin('select * from accounts.roles order by id');
    const agentRole = await roleIdOf(owner.client, 'AGENT');
    expect(await update(owner, { roleId: agentRole, name: 'Mine' })).toEqual(['BUILT_IN roleId']);
    expect(await update(owner, { roleId, name: null })).toEqual(['REQUIRED name']);
    expect(await update(owner, { roleId, name: 'x'.repeat(51) })).toEqual(['TOO_LONG name']);
    expect(await update(owner, { roleId, name: 'agent' })).toEqual(['NAME_TAKEN name']);
    expect(await update(owner, { roleId, permissions: [] })).toEqual(['INVALID permissions']);
    expect(await update(owner, { roleId, permissions: ['x'] })).toEqual(['UNKNOWN_PERMISSION permissions.0']);
    for (const missing of ['', 'nonsense', newId('rol'), newId('mem')])
      expect(await update(owner, { roleId: missing })).toEqual(['NOT_FOUND roleId']);
    expect(await update(other, { roleId, name: 'Theirs' })).toEqual(['NOT_FOUND roleId']);
    expect(await admin('select * from accounts.roles order by id')).toEqual(before);
  });
});
