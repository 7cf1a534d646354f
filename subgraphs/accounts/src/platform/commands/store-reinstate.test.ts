import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, refusals } from '../../../test/support.ts';

const { admin, merchant, platformStaff } = await accountsHarness();
const staff = await platformStaff('staff@platform.test');

describe('storeReinstate', () => {
  // What it gives back is told beside storeSuspend.
  it('refuses bad input, a store that trades, a closed one, and everybody but the platform, and changes nothing', async () => {
    const owner = await merchant('strict');
    const { storeId } = owner;
    const reinstate = (input: object) =>
      refusals(staff.client, 'storeReinstate', 'StoreReinstateInput', { storeId, reason: 'Paid', ...input });
    expect(await reinstate({ reason: '' })).toEqual(['REQUIRED reason']);
    expect(await reinstate({ reason: 'x'.repeat(501) })).toEqual(['TOO_LONG reason']);
    for (const missing of ['', 'x'.repeat(10_000), newId('sto'), newId('mem')])
      expect(await reinstate({ storeId: missing })).toEqual(['NOT_FOUND storeId']);
    expect(await reinstate({})).toEqual(['NOT_SUSPENDED storeId']);
    const mutation = 'mutation ($input: StoreReinstateInput!) { storeReinstate(input: $input) { userErrors { code } } }';
    expect(await owner.client.codes(mutation, { input: { storeId, reason: 'x' } })).toEqual(['FORBIDDEN']);
    await refusals(owner.client, 'storeClose', 'StoreCloseInput', { slug: 'strict' });
    expect(await reinstate({})).toEqual(['ALREADY_CLOSED storeId']);
    expect(await admin(`select status from accounts.stores where slug = 'strict'`)).toEqual([{ status: 'CLOSED' }]);
  });
});
