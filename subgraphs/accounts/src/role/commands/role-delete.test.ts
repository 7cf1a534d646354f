import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createRole, invite, refusals, roleIdOf, type Merchant } from '../../../test/support.ts';

const { admin, merchant, colleague, exchange } = await accountsHarness();

const make = (by: Merchant, name: string, permissions: string[]) => createRole(by.client, name, permissions);
const give = (by: Merchant, memberId: string, roleId: string) =>
  refusals(by.client, 'memberRoleChange', 'MemberRoleChangeInput', { memberId, roleId });
const remove = (by: Merchant, roleId: string, replacementRoleId?: string) =>
  refusals(by.client, 'roleDelete', 'RoleDeleteInput', { roleId, replacementRoleId });

const owner = await merchant('roles');
const other = await merchant('others');
const adminOf = await colleague(owner, 'admin@roles.test', 'ADMIN');
const agent = await colleague(owner, 'agent@roles.test', 'AGENT');

describe('roleDelete', () => {
  it('takes a role out of the list, and gives its members and open invitations the replacement', async () => {
    const [from, to] = [await make(owner, 'Going', ['orders:read']), await make(owner, 'Staying', ['customers:read'])];
    const first = await colleague(owner, 'first@roles.test', 'AGENT');
    const gone = await colleague(owner, 'gone@roles.test', 'AGENT');
    for (const { memberId } of [first, gone]) await give(owner, memberId, from);
    await refusals(owner.client, 'memberRemove', 'MemberRemoveInput', { memberId: gone.memberId });
    await invite(owner.client, 'open@roles.test', from);
    expect(await remove(owner, from)).toEqual(['IN_USE replacementRoleId']);
    expect(await remove(owner, from, to)).toEqual([]);
    expect((await exchange(first.tokens.accessToken))?.permissions).toEqual(['customers:read']);
    const shown = await owner.client.data(
      `query ($gone: ID!) { roles { name } member(id: $gone) { role { name deletedAt } } invitations { nodes { email role { name } } } }`,
      { gone: gone.memberId },
    );
    expect(shown).toMatchObject({
      member: { role: { name: 'Going', deletedAt: expect.any(String) } },
      invitations: { nodes: [{ email: 'open@roles.test', role: { name: 'Staying' } }] },
    });
    expect((shown['roles'] as { name: string }[]).map(({ name }) => name)).not.toContain('Going');
    expect(await give(owner, first.memberId, from)).toEqual(['NOT_FOUND roleId']);
    expect(await make(owner, 'Going', ['orders:read'])).not.toBe(from);
    expect(
      await admin(
        `select type, payload->>'roleId' as role from events.log where type in ('role.deleted', 'member.roleChanged') and payload->>'formerRoleId' = $1`,
        [from],
      ),
    ).toEqual([{ type: 'member.roleChanged', role: to }]);
  });

  it('leaves nobody in a deleted role, however close an acceptance or a change comes to it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const roleId = await make(owner, `Racing ${String(round)}`, ['orders:read']);
      const [given, deleted] = await Promise.all([give(owner, agent.memberId, roleId), remove(owner, roleId)]);
      expect([given, deleted]).toContainEqual([]);
      expect([...given, ...deleted]).toHaveLength(1);
    }
    expect(
      await admin(`select m.id from accounts.members m join accounts.roles r on r.store_id = m.store_id and r.id = m.role_id
        where m.status <> 'REMOVED' and r.deleted_at is not null`),
    ).toEqual([]);
  });

  it('refuses bad input, built-in roles, roles above the caller’s and roles of another store, and changes nothing', async () => {
    const roleId = await make(owner, 'Kept', ['orders:read']);
    const high = await make(owner, 'High', ['store:close']);
    const before = await admin('select * from accounts.roles order by id');
    expect(await remove(owner, await roleIdOf(owner.client, 'AGENT'))).toEqual(['BUILT_IN roleId']);
    expect(await remove(adminOf, high)).toEqual(['ABOVE_YOUR_PERMISSIONS roleId']);
    expect(await remove(adminOf, roleId, high)).toEqual(['ABOVE_YOUR_PERMISSIONS replacementRoleId']);
    expect(await remove(owner, roleId, roleId)).toEqual(['INVALID replacementRoleId']);
    expect(await remove(owner, roleId, await roleIdOf(other.client, 'AGENT'))).toEqual(['NOT_FOUND replacementRoleId']);
    for (const missing of ['', 'x'.repeat(10_000), newId('rol')]) expect(await remove(owner, missing)).toEqual(['NOT_FOUND roleId']);
    expect(await remove(other, roleId)).toEqual(['NOT_FOUND roleId']);
    expect(await admin('select * from accounts.roles order by id')).toEqual(before);
  });
});
