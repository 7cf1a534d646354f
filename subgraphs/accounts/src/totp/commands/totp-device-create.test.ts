import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';
import { password } from '../../../test/support.ts';

const { admin, person, refused, visitor, addDevice, begin, enrolled, nextCode } = await credentialsHarness();
const mutation = 'totpDeviceCreate';

describe('totpDeviceCreate', () => {
  it('gives the secret and its URI this once, keeps it sealed, and changes nothing of log-in', async () => {
    const { client } = await person('first@example.test');
    const { deviceId, secret, otpauthUri } = await addDevice(client, 'My phone');
    expect(otpauthUri).toBe(
      `otpauth://totp/Storegraph:first%40example.test?issuer=Storegraph&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    );
    expect(await client.data('{ viewer { user { mfaEnabled backupCodesLeft totpDevices { id name confirmed lastUsedAt } } } }')).toEqual({
      viewer: {
        user: {
          mfaEnabled: false,
          backupCodesLeft: 0,
          totpDevices: [{ id: deviceId, name: 'My phone', confirmed: false, lastUsedAt: null }],
        },
      },
    });
    expect(JSON.stringify(await admin('select * from accounts.totp_devices'))).not.toContain(secret);
    expect((await begin('first@example.test')).session).not.toBeNull();
  });

  it('gives up the one that was begun before, and leaves one of five begun at once', async () => {
    const { client } = await person('again@example.test');
    await Promise.all(Array.from({ length: 5 }, () => addDevice(client)));
    const { viewer } = await client.data<{ viewer: { user: { totpDevices: object[] } } }>('{ viewer { user { totpDevices { id } } } }');
    expect(viewer.user.totpDevices).toHaveLength(1);
  });

  it('asks whoever has one for a code of it, or a backup code, and limits the guesses: a password alone never makes a second factor', async () => {
    const { client, secret, backupCodes } = await enrolled('second@example.test');
    const create = (code?: string) => refused(client, mutation, { name: 'Tablet', currentPassword: password, code });
    const devices = () =>
      admin(
        `select d.name from accounts.totp_devices d join accounts.users u using (user_id) where u.email = 'second@example.test' order by d.created_at`,
      );
    expect(await create()).toEqual(['REQUIRED code']);
    expect(await create('x'.repeat(101))).toEqual(['TOO_LONG code']);
    for (let guess = 0; guess < 5; guess += 1) expect(await create('0000-0000-0000-0000')).toEqual(['INVALID_CODE code']);
    expect(await create(backupCodes[0])).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(await devices()).toEqual([{ name: 'Phone' }]);
    expect(await create(nextCode(secret))).toEqual([]);
    expect(await create(backupCodes[0])).toEqual([]);
    expect(await devices()).toEqual([{ name: 'Phone' }, { name: 'Tablet' }]);
  });

  it('refuses bad input, a wrong password and an eleventh device', async () => {
    const { client } = await person('bad@example.test');
    const create = (input: object) => refused(client, mutation, { name: 'Phone', currentPassword: password, ...input });
    expect(await create({ name: ' ', currentPassword: '' })).toEqual(['REQUIRED name', 'REQUIRED currentPassword']);
    expect(await create({ name: 'x'.repeat(101) })).toEqual(['TOO_LONG name']);
    expect(await create({ currentPassword: 'a wrong password' })).toEqual(['INVALID_CREDENTIALS currentPassword']);
    expect(await visitor.codes(`mutation { ${mutation}(input: { name: "a", currentPassword: "b" }) { secret } }`)).toEqual([
      'UNAUTHENTICATED',
    ]);
    await admin(`insert into accounts.totp_devices (id, user_id, name, secret_sealed, confirmed_at, last_step)
      select gen_random_uuid(), user_id, 'n', 'x', now(), 1 from accounts.users, generate_series(1, 10) where email = 'bad@example.test'`);
    expect(await create({})).toEqual(['TOO_MANY_DEVICES']);
  });
});
