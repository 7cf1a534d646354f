import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accept, accountsHarness, invite, refusals, roleIdOf, type Merchant } from '../../../test/support.ts';

const { admin, merchant, person, mailed } = await accountsHarness();
const revoke = (by: Merchant, invitationId: string) => refusals(by.client, 'invitationRevoke', 'InvitationRevokeInput', { invitationId });
const owner = await merchant('revoking');
const roleId = await roleIdOf(owner.client, 'AGENT');

describe('invitationRevoke', () => {
  it('ends an invitation, which leaves the list, and frees the address for another one', async () => {
    const invitationId = await invite(owner.client, 'guest@revoking.test', roleId);
    expect(await revoke(owner, invitationId)).toEqual([]);
    const list = (statuses: string) => owner.client.data(`{ invitations${statuses} { totalCount nodes { id status } } }`);
    expect(await list('')).toEqual({ invitations: { totalCount: 0, nodes: [] } });
    expect(await list('(statuses: [REVOKED])')).toEqual({
      invitations: { totalCount: 1, nodes: [{ id: invitationId, status: 'REVOKED' }] },
    });
    expect(await admin(`select payload->>'invitationId' as id from events.log where type = 'invitation.revoked'`)).toEqual([
      { id: invitationId },
    ]);
    expect(await invite(owner.client, 'guest@revoking.test', roleId)).toBe(invitationId);
    expect(await list('')).toEqual({ invitations: { totalCount: 1, nodes: [{ id: invitationId, status: 'PENDING' }] } });
  });

  it('or an acceptance, whichever comes first', async () => {
    const guest = await person('quick@revoking.test');
    const invitationId = await invite(owner.client, guest.email, roleId);
    const token = await mailed(guest.email);
    const [taken, given] = await Promise.all([
      revoke(owner, invitationId),
      refusals(guest.client, 'invitationAccept', 'InvitationAcceptInput', { token }),
    ]);
    expect([...taken, ...given]).toHaveLength(1);
    expect(['ALREADY_ACCEPTED invitationId', 'ALREADY_REVOKED token']).toContain([...taken, ...given][0]);
  });

  it('refuses bad input, what has ended, and invitations of another store', async () => {
    const other = await merchant('elsewhere');
    const guest = await person('done@revoking.test');
    const invitationId = await invite(owner.client, guest.email, roleId);
    for (const missing of ['', 'nonsense', newId('inv'), newId('mem')])
      expect(await revoke(owner, missing)).toEqual(['NOT_FOUND invitationId']);
    expect(await revoke(other, invitationId)).toEqual(['NOT_FOUND invitationId']);
    await accept(guest.client, await mailed(guest.email));
    expect(await revoke(owner, invitationId)).toEqual(['ALREADY_ACCEPTED invitationId']);
    const gone = await invite(owner.client, 'gone@revoking.test', roleId);
    expect(await revoke(owner, gone)).toEqual([]);
    expect(await revoke(owner, gone)).toEqual(['ALREADY_REVOKED invitationId']);
  });
});
