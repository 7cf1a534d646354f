import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';
import { password, present } from '../../../test/support.ts';

const {
  admin,
  person,
  logIn,
  refresh,
  exchange,
  refused,
  visitor,
  sendResets,
  token,
  clock,
  begin,
  enrolled,
  challenge,
  answer,
  nextCode,
  addDevice,
  as,
  act,
  code,
  events,
} = await credentialsHarness();
const mutation = 'passwordReset';
const newPassword = 'quite another password';

const forgotten = async (email: string) => {
  await refused(visitor, 'passwordResetRequest', { email });
  await sendResets();
  return token(email, 'user.passwordResetRequested');
};

describe('passwordReset', () => {
  it('sets the password, ends every session and tells the owner; the former password is worth nothing', async () => {
    const { tokens } = await person('forgot@example.test');
    const other = await logIn('forgot@example.test');
    const mailed = await forgotten('forgot@example.test');
    expect(await refused(visitor, mutation, { token: mailed, newPassword })).toEqual([]);
    expect([await exchange(tokens.accessToken), await exchange(other.accessToken)]).toEqual([null, null]);
    expect((await refresh(other.refreshToken)).userErrors).toMatchObject([{ code: 'INVALID_REFRESH_TOKEN' }]);
    expect((await begin('forgot@example.test')).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    expect((await begin('forgot@example.test', newPassword)).session).not.toBeNull();
    expect(await admin(`select payload->>'reason' as reason from events.log where type = 'session.revoked'`)).toEqual([
      { reason: 'PASSWORD_RESET' },
      { reason: 'PASSWORD_RESET' },
    ]);
    expect(await admin(`select payload->'reset' as reset, personal from events.log where type = 'user.passwordChanged'`)).toEqual([
      { reset: true, personal: { email: 'forgot@example.test' } },
    ]);
  });

  it('takes a token once, of eight calls at the same moment, and none that a newer one followed', async () => {
    await person('once@example.test');
    const first = await forgotten('once@example.test');
    const second = await forgotten('once@example.test');
    expect(await refused(visitor, mutation, { token: first, newPassword })).toEqual(['INVALID_TOKEN token']);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refused(visitor, mutation, { token: second, newPassword })));
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
  });

  it('leaves no session of a log-in with the former password, whichever comes first', async () => {
    for (let round = 0; round < 4; round += 1) {
      const email = `race${round}@example.test`;
      await person(email);
      const mailed = await forgotten(email);
      await Promise.all([refused(visitor, mutation, { token: mailed, newPassword }), ...Array.from({ length: 3 }, () => begin(email))]);
      const live = await admin(
        `select s.id from accounts.sessions s join accounts.users u using (user_id) where u.email = '${email}' and s.revoked_at is null`,
      );
      expect(live).toEqual([]);
    }
  });

  it('leaves the second factor as it is, and ends the challenges of before', async () => {
    const ann = await enrolled('factor@example.test');
    await refused(ann.client, 'userEmailVerify', { token: await token('factor@example.test') });
    const before = await challenge('factor@example.test');
    expect(await refused(visitor, mutation, { token: await forgotten('factor@example.test'), newPassword })).toEqual([]);
    expect((await answer(before, nextCode(ann.secret))).userErrors).toMatchObject([{ code: 'INVALID_CHALLENGE' }]);
    const begun = await begin('factor@example.test', newPassword);
    expect([begun.session, begun.challenge === null]).toEqual([null, false]);
  });

  it('gives an address that was never verified to who reads its mail: what a stranger set up on it is gone, the first time', async () => {
    const squatter = await enrolled('squatted@example.test');
    await addDevice(squatter.client, 'Tablet', squatter.backupCodes[0]);
    expect(await refused(visitor, mutation, { token: await forgotten('squatted@example.test'), newPassword })).toEqual([]);
    const { session } = await begin('squatted@example.test', newPassword);
    const owner = as(present(await exchange(present(session).accessToken)));
    const query = '{ viewer { user { emailVerified mfaEnabled backupCodesLeft totpDevices { id } } } }';
    expect(await owner.data(query)).toEqual({
      viewer: { user: { emailVerified: true, mfaEnabled: false, backupCodesLeft: 0, totpDevices: [] } },
    });
    expect((await events('squatted@example.test')).map(({ type }) => type).slice(-4)).toEqual([
      'user.passwordResetRequested',
      'user.passwordChanged',
      'user.totpDeviceRemoved',
      'user.emailVerified',
    ]);

    // The address is verified by now: what its owner sets up stays.
    const created = await act<{ device: { id: string } | null; secret: string | null }>(
      owner,
      'totpDeviceCreate',
      { name: 'Mine', currentPassword: newPassword },
      'device { id } secret',
    );
    const confirmation = { deviceId: present(created.device).id, code: code(present(created.secret)) };
    expect(await refused(owner, 'totpDeviceConfirm', confirmation)).toEqual([]);
    expect(await refused(visitor, mutation, { token: await forgotten('squatted@example.test'), newPassword: password })).toEqual([]);
    expect((await begin('squatted@example.test')).challenge).not.toBeNull();
  });

  it('takes no token after an hour, and none of another purpose', async () => {
    await person('late@example.test');
    const mailed = await forgotten('late@example.test');
    expect(await refused(visitor, mutation, { token: await token('late@example.test', 'user.emailVerification%'), newPassword })).toEqual([
      'INVALID_TOKEN token',
    ]);
    expect(await refused(visitor, 'userEmailVerify', { token: mailed })).toEqual(['INVALID_TOKEN token']);
    clock.advance(60 * 60_000);
    expect(await refused(visitor, mutation, { token: mailed, newPassword })).toEqual(['INVALID_TOKEN token']);
    expect((await begin('late@example.test', password)).session).not.toBeNull();
  });

  it('refuses bad input', async () => {
    expect(await refused(visitor, mutation, { token: '', newPassword: '' })).toEqual(['REQUIRED token', 'REQUIRED newPassword']);
    expect(await refused(visitor, mutation, { token: 'x'.repeat(201), newPassword: 'x'.repeat(257) })).toEqual([
      'TOO_LONG token',
      'TOO_LONG newPassword',
    ]);
    expect(await refused(visitor, mutation, { token: 'pr_x', newPassword: '123456789' })).toEqual(['PASSWORD_TOO_SHORT newPassword']);
    expect(await refused(visitor, mutation, { token: 'pr_x', newPassword })).toEqual(['INVALID_TOKEN token']);
  });
});
