import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, present, refusals, type Tokens } from '../../../test/support.ts';

const { admin, merchant, platformStaff, exchange } = await accountsHarness();
const staff = await platformStaff('staff@platform.test');
const owner = await merchant('left');
const leave = (storeId: string) => refusals(staff.client, 'platformStoreLeave', 'PlatformStoreLeaveInput', { storeId });

describe('platformStoreLeave', () => {
  it('ends the stay, and with it the token, at once; the session goes on', async () => {
    const { platformStoreEnter } = await staff.client.data<{ platformStoreEnter: { session: Tokens | null } }>(
      'mutation ($input: PlatformStoreEnterInput!) { platformStoreEnter(input: $input) { session { accessToken } } }',
      { input: { storeId: owner.storeId, reason: 'A look' } },
    );
    const { accessToken } = present(platformStoreEnter.session);
    expect(await exchange(accessToken)).not.toBeNull();
    expect(await leave(owner.storeId)).toEqual([]);
    expect(await exchange(accessToken)).toBeNull();
    expect(await exchange(staff.tokens.accessToken)).not.toBeNull();
    expect(await leave(owner.storeId)).toEqual([]);
    expect(await admin(`select left_at is not null as gone from accounts.platform_entries`)).toEqual([{ gone: true }]);
  });

  it('refuses bad input, and everybody but the platform', async () => {
    for (const missing of ['', 'nonsense', newId('sto'), newId('mem')]) expect(await leave(missing)).toEqual(['NOT_FOUND storeId']);
    const mutation = 'mutation ($input: PlatformStoreLeaveInput!) { platformStoreLeave(input: $input) { userErrors { code } } }';
    expect(await owner.client.codes(mutation, { input: { storeId: owner.storeId } })).toEqual(['FORBIDDEN']);
  });
});
