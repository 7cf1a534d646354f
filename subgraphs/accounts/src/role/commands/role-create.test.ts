import { describe, expect, it } from 'vitest';
import { accountsHarness, refusals, type Answer } from '../../../test/support.ts';

const { admin, merchant, colleague, exchange } = await accountsHarness();
const owner = await merchant('roles');
const adminOf = await colleague(owner, 'admin@roles.test', 'ADMIN');
const agent = await colleague(owner, 'agent@roles.test', 'AGENT');

const mutation = `mutation ($input: RoleCreateInput!) { roleCreate(input: $input) {
  role { id key name description builtIn permissions memberCount deletedAt } userErrors { code field } } }`;
type Made = Answer<'roleCreate', { role: { id: string } }>;
const refused = (input: object, by = owner) =>
  refusals(by.client, 'roleCreate', 'RoleCreateInput', { name: 'Blogger', permissions: ['orders:read'], ...input });

describe('roleCreate', () => {
  it('makes a role of the store’s own, which gives its members those permissions and no others', async () => {
    const input = { name: ' Commercial ', description: 'Sells', permissions: ['orders:write', 'customers:read', 'orders:write'] };
    const { roleCreate } = await owner.client.data<Made>(mutation, { input });
    expect(roleCreate).toEqual({
      role: {
        id: roleCreate.role.id,
        key: null,
        name: 'Commercial',
        description: 'Sells',
        builtIn: false,
        permissions: ['customers:read', 'orders:write'],
        memberCount: 0,
        deletedAt: null,
      },
      userErrors: [],
    });
    await refusals(owner.client, 'memberRoleChange', 'MemberRoleChangeInput', { memberId: agent.memberId, roleId: roleCreate.role.id });
    expect((await exchange(agent.tokens.accessToken))?.permissions).toEqual(['customers:read', 'orders:write']);
    const { roles } = await owner.client.data<{ roles: object[] }>('{ roles { name memberCount builtIn } }');
    expect(roles).toEqual([
      { name: 'Owner', memberCount: 1, builtIn: true },
      { name: 'Admin', memberCount: 1, builtIn: true },
      { name: 'Manager', memberCount: 0, builtIn: true },
      { name: 'Agent', memberCount: 0, builtIn: true },
      { name: 'Commercial', memberCount: 1, builtIn: false },
    ]);
    expect(await admin(`select payload->'permissions' as given from events.log where type = 'role.created'`)).toEqual([
      { given: ['customers:read', 'orders:write'] },
    ]);
  });

  it('gives nobody a permission that its maker does not have', async () => {
    expect(await refused({ permissions: ['orders:read', 'store:close'] }, adminOf)).toEqual(['ABOVE_YOUR_PERMISSIONS permissions.1']);
    expect(await refused({ permissions: ['store:close'], name: 'Closer' })).toEqual([]);
  });

  it('gives one name to one of five roles made at the same moment, whatever the case', async () => {
    const answers = await Promise.all(['Same', 'same', 'SAME', 'Same', 'same'].map((name) => refused({ name })));
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(answers.filter((codes) => codes[0] === 'NAME_TAKEN name')).toHaveLength(4);
  });

  it('refuses bad input, whoever may not, and a hundred and first role, and changes nothing', async () => {
    const other = await merchant('many-roles');
    const store = `(select id from accounts.stores where slug = 'many-roles')`;
    await admin(`insert into accounts.roles (store_id, id, name, permissions)
      select ${store}, gen_random_uuid(), 'Role ' || n, '{orders:read}' from generate_series(1, 100) n`);
    const [before] = await admin('select count(*)::int as roles from accounts.roles');
    expect(await refused({}, other)).toEqual(['TOO_MANY_ROLES']);
    expect(await refused({ name: ' ' })).toEqual(['REQUIRED name']);
    expect(await refused({ name: 'x'.repeat(51) })).toEqual(['TOO_LONG name']);
    expect(await refused({ name: 'Agent' })).toEqual(['NAME_TAKEN name']);
    expect(await refused({ description: 'x'.repeat(201) })).toEqual(['TOO_LONG description']);
    expect(await refused({ permissions: [] })).toEqual(['INVALID permissions']);
    expect(await refused({ permissions: ['orders:fly'] })).toEqual(['UNKNOWN_PERMISSION permissions.0']);
    expect(await agent.client.codes(mutation, { input: { name: 'Mine', permissions: ['orders:read'] } })).toEqual(['FORBIDDEN']);
    expect(await admin('select count(*)::int as roles from accounts.roles')).toEqual([before]);
  });
});
