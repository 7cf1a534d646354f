import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';

const { person, refused, addDevice, act, code, nextCode, begin, events, enrolled } = await credentialsHarness();
const mutation = 'totpDeviceConfirm';

describe('totpDeviceConfirm', () => {
  it('turns the second factor on, and gives ten backup codes with the first device alone', async () => {
    const { client, backupCodes } = await enrolled('on@example.test');
    expect(new Set(backupCodes).size).toBe(10);
    expect(await client.data('{ viewer { user { mfaEnabled backupCodesLeft } } }')).toEqual({
      viewer: { user: { mfaEnabled: true, backupCodesLeft: 10 } },
    });
    expect(await begin('on@example.test')).toMatchObject({ session: null, userErrors: [] });
    const second = await addDevice(client, 'Tablet', backupCodes[0]);
    const input = { deviceId: second.deviceId, code: nextCode(second.secret) };
    expect(await act(client, mutation, input, 'device { name confirmed } backupCodes')).toEqual({
      device: { name: 'Tablet', confirmed: true },
      backupCodes: null,
      userErrors: [],
    });
    const confirmed = (await events('on@example.test', 'user.totp')).map(({ payload }) => payload['first']);
    expect(confirmed).toEqual([true, false]);
  });

  it('takes one of five confirmations at the same moment', async () => {
    const { client } = await person('race@example.test');
    const { deviceId, secret } = await addDevice(client);
    const answers = await Promise.all(Array.from({ length: 5 }, () => refused(client, mutation, { deviceId, code: code(secret) })));
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(answers.flat()).toEqual(Array.from({ length: 4 }, () => 'ALREADY_CONFIRMED deviceId'));
  });

  it('refuses bad input, a wrong code, guesses without end and the device of somebody else', async () => {
    const { client } = await person('bad@example.test');
    const other = await person('other@example.test');
    const { deviceId, secret } = await addDevice(client);
    expect(await refused(client, mutation, { deviceId, code: '' })).toEqual(['REQUIRED code']);
    expect(await refused(client, mutation, { deviceId, code: '1'.repeat(101) })).toEqual(['TOO_LONG code']);
    for (const given of [newId('tot'), newId('ses'), 'nonsense']) {
      expect(await refused(client, mutation, { deviceId: given, code: code(secret) })).toEqual(['NOT_FOUND deviceId']);
    }
    expect(await refused(other.client, mutation, { deviceId, code: code(secret) })).toEqual(['NOT_FOUND deviceId']);
    const wrong = code(secret) === '000000' ? '000001' : '000000';
    for (let count = 0; count < 4; count += 1)
      expect(await refused(client, mutation, { deviceId, code: wrong })).toEqual(['INVALID_CODE code']);
    expect(await refused(client, mutation, { deviceId, code: 'letters' })).toEqual(['INVALID_CODE code']);
    for (let count = 0; count < 15; count += 1) await refused(client, mutation, { deviceId, code: wrong });
    expect(await refused(client, mutation, { deviceId, code: code(secret) })).toEqual(['TOO_MANY_ATTEMPTS']);
  });
});
