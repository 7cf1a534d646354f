import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';
import { password, present } from '../../../test/support.ts';

const { admin, person, act, refused, nextCode, enrolled, challenge, answer } = await credentialsHarness();
const mutation = 'backupCodesReplace';

describe('backupCodesReplace', () => {
  it('gives ten new codes, of which none of the former is good, and keeps their hashes alone', async () => {
    const { client, secret, backupCodes: former } = await enrolled('new@example.test');
    const input = { currentPassword: password, code: nextCode(secret) };
    const given = present((await act<{ backupCodes: string[] | null }>(client, mutation, input, 'backupCodes')).backupCodes);
    expect(new Set([...given, ...former]).size).toBe(20);
    const rows = JSON.stringify(await admin('select * from accounts.backup_codes'));
    expect(given.filter((code) => rows.includes(code) || rows.includes(code.replaceAll('-', '')))).toEqual([]);
    const begun = await challenge('new@example.test');
    expect((await answer(begun, present(former[0]))).userErrors).toMatchObject([{ code: 'INVALID_CODE' }]);
    expect((await answer(begun, present(given[0]).toLowerCase())).session).not.toBeNull();
  });

  it('refuses bad input, a user without a second factor, a wrong password and a wrong code', async () => {
    const { client } = await person('none@example.test');
    const other = await enrolled('some@example.test');
    expect(await refused(client, mutation, { currentPassword: '', code: '' })).toEqual(['REQUIRED currentPassword', 'REQUIRED code']);
    expect(await refused(client, mutation, { currentPassword: password, code: '1'.repeat(101) })).toEqual(['TOO_LONG code']);
    expect(await refused(client, mutation, { currentPassword: password, code: '123456' })).toEqual(['MFA_NOT_ENABLED']);
    expect(await refused(other.client, mutation, { currentPassword: 'a wrong password', code: nextCode(other.secret) })).toEqual([
      'INVALID_CREDENTIALS currentPassword',
    ]);
    expect(await refused(other.client, mutation, { currentPassword: password, code: 'AAAA-AAAA-AAAA-AAAA' })).toEqual([
      'INVALID_CODE code',
    ]);
  });
});
