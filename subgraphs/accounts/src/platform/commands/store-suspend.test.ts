import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, refusals } from '../../../test/support.ts';

const { admin, visitor, runtime, merchant, platformStaff, exchange, settled } = await accountsHarness();
const staff = await platformStaff('staff@platform.test');
const suspend = (input: object) => refusals(staff.client, 'storeSuspend', 'StoreSuspendInput', { reason: 'Unpaid', ...input });
const reinstate = (storeId: string) => refusals(staff.client, 'storeReinstate', 'StoreReinstateInput', { storeId, reason: 'Paid' });

describe('storeSuspend', () => {
  it('ends the credentials of the store and the public look-up at once, and storeReinstate gives them back', async () => {
    const owner = await merchant('unpaid');
    const { secret } = await createApiKey(owner.client, ['store:read']);
    const open = async () => [
      (await exchange(owner.tokens.accessToken)) !== null,
      (await runtime.exchange?.({ kind: 'API_KEY', key: secret })) !== null,
      (await runtime.exchange?.({ kind: 'STORE', slug: 'unpaid' })) !== null,
      (await visitor.data<{ store: object | null }>('{ store(slug: "unpaid") { id } }')).store !== null,
    ];
    expect(await open()).toEqual([true, true, true, true]);
    const mutation = `mutation ($input: StoreSuspendInput!) { storeSuspend(input: $input) {
      platformStore { store { slug } status suspendedReason availableTransitions { name reason } } userErrors { code } } }`;
    expect(await staff.client.data(mutation, { input: { storeId: owner.storeId, reason: ' Unpaid ' } })).toEqual({
      storeSuspend: {
        platformStore: {
          store: { slug: 'unpaid' },
          status: 'SUSPENDED',
          suspendedReason: 'Unpaid',
          availableTransitions: [
            { name: 'SUSPEND', reason: 'ALREADY_SUSPENDED' },
            { name: 'REINSTATE', reason: null },
            { name: 'CLOSE', reason: 'FORBIDDEN' },
          ],
        },
        userErrors: [],
      },
    });
    expect(await open()).toEqual([false, false, false, false]);
    expect(await suspend({ storeId: owner.storeId })).toEqual(['ALREADY_SUSPENDED storeId']);
    expect(await reinstate(owner.storeId)).toEqual([]);
    expect(await open()).toEqual([true, true, true, true]);
    await settled();
    const { activities } = await owner.client.data<{ activities: object }>(
      '{ activities(filter: { performerKinds: [PLATFORM] }) { nodes { action resourceKind resourceId performer { kind id } details { fields reason } } } }',
    );
    const performer = { kind: 'PLATFORM', id: staff.identity.subjectId };
    const noted = { resourceKind: 'Store', resourceId: owner.storeId, performer };
    expect(activities).toEqual({
      nodes: [
        { action: 'storeReinstate', ...noted, details: { fields: ['storeId', 'reason'], reason: 'Paid' } },
        { action: 'storeSuspend', ...noted, details: { fields: ['storeId', 'reason'], reason: 'Unpaid' } },
      ],
    });
    expect(
      await admin(
        `select type, personal->>'reason' as reason from events.log where type in ('store.suspended', 'store.reinstated') order by id`,
      ),
    ).toEqual([
      { type: 'store.suspended', reason: 'Unpaid' },
      { type: 'store.reinstated', reason: 'Paid' },
    ]);
  });

  it('refuses bad input, a closed store, and everybody but the platform, and changes nothing', async () => {
    const owner = await merchant('strict');
    const { storeId } = owner;
    const before = await admin(`select * from accounts.stores where slug = 'strict'`);
    expect(await suspend({ storeId, reason: ' ' })).toEqual(['REQUIRED reason']);
    expect(await suspend({ storeId, reason: 'x'.repeat(501) })).toEqual(['TOO_LONG reason']);
    for (const missing of ['', 'nonsense', newId('sto'), newId('mem')])
      expect(await suspend({ storeId: missing })).toEqual(['NOT_FOUND storeId']);
    const mutation = 'mutation ($input: StoreSuspendInput!) { storeSuspend(input: $input) { userErrors { code } } }';
    expect(await owner.client.codes(mutation, { input: { storeId, reason: 'x' } })).toEqual(['FORBIDDEN']);
    expect(await visitor.codes(mutation, { input: { storeId, reason: 'x' } })).toEqual(['UNAUTHENTICATED']);
    expect(await admin(`select * from accounts.stores where slug = 'strict'`)).toEqual(before);
    await refusals(owner.client, 'storeClose', 'StoreCloseInput', { slug: 'strict' });
    expect(await suspend({ storeId })).toEqual(['ALREADY_CLOSED storeId']);
  });
});
