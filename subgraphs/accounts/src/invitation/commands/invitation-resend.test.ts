import { movableClock, newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accept, accountsHarness, invite, refusals, roleIdOf, type Merchant } from '../../../test/support.ts';

const clock = movableClock(new Date());
const { admin, merchant, colleague, person, mailed } = await accountsHarness({ clock });
const resend = (by: Merchant, invitationId: string) => refusals(by.client, 'invitationResend', 'InvitationResendInput', { invitationId });
const owner = await merchant('sending');
const roleId = await roleIdOf(owner.client, 'AGENT');

describe('invitationResend', () => {
  it('sends another link, good for another week, and ends the one before', async () => {
    const guest = await person('guest@sending.test');
    const invitationId = await invite(owner.client, guest.email, roleId);
    const first = await mailed(guest.email);
    expect(await resend(owner, invitationId)).toEqual(['TOO_MANY_ATTEMPTS invitationId']);
    clock.advance(8 * 24 * 60 * 60_000);
    const fresh = await person('owner-again@sending.test');
    expect(fresh.tokens.store).toBeNull();
    expect(await resend(owner, invitationId)).toEqual([]);
    const second = await mailed(guest.email);
    expect(second).not.toBe(first);
    expect(await refusals(fresh.client, 'invitationAccept', 'InvitationAcceptInput', { token: first })).toEqual(['NOT_FOUND token']);
    expect(await accept(guest.client, second)).toMatch(/^mem_/);
    expect(await admin(`select count(*)::int as n from events.log where type = 'invitation.resent'`)).toEqual([{ n: 1 }]);
    clock.advance(60_000);
    expect(await resend(owner, invitationId)).toEqual(['ALREADY_ACCEPTED invitationId']);
  });

  it('refuses bad input, what was taken back, roles above the caller’s and invitations of another store, and sends nothing', async () => {
    const other = await merchant('elsewhere');
    const adminOf = await colleague(owner, 'admin@sending.test', 'ADMIN');
    const high = await invite(owner.client, 'high@sending.test', await roleIdOf(owner.client, 'OWNER'));
    const gone = await invite(owner.client, 'gone@sending.test', roleId);
    await refusals(owner.client, 'invitationRevoke', 'InvitationRevokeInput', { invitationId: gone });
    clock.advance(60_000);
    const [before] = await admin(`select count(*)::int as n from events.log where secret_for = 'messaging'`);
    for (const missing of ['', 'x'.repeat(10_000), newId('inv'), newId('mem')])
      expect(await resend(owner, missing)).toEqual(['NOT_FOUND invitationId']);
    expect(await resend(other, high)).toEqual(['NOT_FOUND invitationId']);
    expect(await resend(adminOf, high)).toEqual(['ABOVE_YOUR_PERMISSIONS invitationId']);
    expect(await resend(owner, gone)).toEqual(['ALREADY_REVOKED invitationId']);
    expect(await admin(`select count(*)::int as n from events.log where secret_for = 'messaging'`)).toEqual([before]);
  });
});
