import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';
import { password } from '../../../test/support.ts';

const { person, refused, addDevice, nextCode, begin, events, enrolled, visitor } = await credentialsHarness();
const mutation = 'totpDeviceRemove';

describe('totpDeviceRemove', () => {
  it('turns the second factor off with the last device, and the backup codes go with it', async () => {
    const { client, deviceId, secret } = await enrolled('off@example.test');
    expect(await refused(client, mutation, { deviceId, currentPassword: password })).toEqual(['REQUIRED code']);
    expect(await refused(client, mutation, { deviceId, currentPassword: password, code: '000000' })).toEqual(['INVALID_CODE code']);
    expect(await refused(client, mutation, { deviceId, currentPassword: password, code: nextCode(secret) })).toEqual([]);
    expect(await client.data('{ viewer { user { mfaEnabled backupCodesLeft totpDevices { id } } } }')).toEqual({
      viewer: { user: { mfaEnabled: false, backupCodesLeft: 0, totpDevices: [] } },
    });
    expect((await begin('off@example.test')).session).not.toBeNull();
    expect((await events('off@example.test', 'user.totpDeviceRemoved')).map(({ payload }) => payload)).toMatchObject([
      { deviceId, mfaEnabled: false },
    ]);
  });

  it('takes a backup code for a device that is lost, and one without a code that was never confirmed', async () => {
    const { client, deviceId, backupCodes } = await enrolled('lost@example.test');
    const { deviceId: pending } = await addDevice(client, 'Tablet', backupCodes[1]);
    expect(await refused(client, mutation, { deviceId: pending, currentPassword: password })).toEqual([]);
    expect(await refused(client, mutation, { deviceId, currentPassword: password, code: backupCodes[0] })).toEqual([]);
  });

  it('refuses bad input, a wrong password and the device of somebody else', async () => {
    const { client, deviceId, secret } = await enrolled('bad@example.test');
    const other = await person('other@example.test');
    const remove = (input: object) => refused(client, mutation, { deviceId, currentPassword: password, code: nextCode(secret), ...input });
    expect(await remove({ currentPassword: '', code: '' })).toEqual(['REQUIRED currentPassword', 'REQUIRED code']);
    expect(await remove({ code: '1'.repeat(101) })).toEqual(['TOO_LONG code']);
    expect(await remove({ currentPassword: 'a wrong password' })).toEqual(['INVALID_CREDENTIALS currentPassword']);
    expect(await remove({ deviceId: newId('tot') })).toEqual(['NOT_FOUND deviceId']);
    expect(await refused(other.client, mutation, { deviceId, currentPassword: password })).toEqual(['NOT_FOUND deviceId']);
    const query = `mutation { ${mutation}(input: { deviceId: "${deviceId}", currentPassword: "b" }) { device { id } } }`;
    expect(await visitor.codes(query)).toEqual(['UNAUTHENTICATED']);
    expect((await begin('bad@example.test')).session).toBeNull();
  });
});
