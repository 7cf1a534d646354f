import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, refusals, type Merchant } from '../../../test/support.ts';

const { as, admin, visitor, runtime, merchant, colleague, exchange, logIn, settled } = await accountsHarness();
const close = (by: Pick<Merchant, 'client'>, input: object) => refusals(by.client, 'storeClose', 'StoreCloseInput', input);

describe('storeClose', () => {
  it('ends every way in at once, for good: tokens, keys, the public look-up; the slug stays taken, the domain is free', async () => {
    const owner = await merchant('closing');
    const agent = await colleague(owner, 'agent@closing.test', 'AGENT');
    const { secret } = await createApiKey(owner.client, ['store:read']);
    await refusals(owner.client, 'storeUpdate', 'StoreUpdateInput', { domain: 'closing.example.com' });
    const mutation = `mutation ($input: StoreCloseInput!) { storeClose(input: $input) {
      store { slug status domain closedAt availableTransitions { name allowed reason } } userErrors { code } } }`;
    expect(await owner.client.data(mutation, { input: { slug: 'closing', reason: 'Retired' } })).toEqual({
      storeClose: {
        store: {
          slug: 'closing',
          status: 'CLOSED',
          domain: null,
          closedAt: expect.any(String),
          availableTransitions: [
            { name: 'SUSPEND', allowed: false, reason: 'FORBIDDEN' },
            { name: 'REINSTATE', allowed: false, reason: 'FORBIDDEN' },
            { name: 'CLOSE', allowed: false, reason: 'ALREADY_CLOSED' },
          ],
        },
        userErrors: [],
      },
    });
    for (const { tokens } of [owner, agent]) expect(await exchange(tokens.accessToken)).toBeNull();
    expect(await runtime.exchange?.({ kind: 'API_KEY', key: secret })).toBeNull();
    expect(await runtime.exchange?.({ kind: 'STORE', slug: 'closing' })).toBeNull();
    expect(await visitor.data('{ store(slug: "closing") { id } }')).toEqual({ store: null });
    expect((await logIn('owner@closing.test')).store).toBeNull();
    expect(await close(owner, { slug: 'closing' })).toEqual(['ALREADY_CLOSED']);
    expect(await admin(`select status from accounts.stores where slug = 'closing'`)).toEqual([{ status: 'CLOSED' }]);

    const other = await merchant('heir');
    expect(await refusals(other.client, 'storeUpdate', 'StoreUpdateInput', { domain: 'closing.example.com' })).toEqual([]);
    const again = { slug: 'closing', name: 'Again', currency: 'EUR' };
    expect(await refusals(other.client, 'storeCreate', 'StoreCreateInput', again)).toEqual(['SLUG_TAKEN slug']);
    await settled();
    expect(await admin(`select action, resource_kind, reason from accounts.activities where action = 'storeClose'`)).toEqual([
      { action: 'storeClose', resource_kind: 'Store', reason: 'Retired' },
    ]);
    expect(await admin(`select payload->>'by' as by, personal->>'reason' as reason from events.log where type = 'store.closed'`)).toEqual([
      { by: 'STORE', reason: 'Retired' },
    ]);
  });

  it('is the owner’s alone, and happens once', async () => {
    const owner = await merchant('guarded');
    const adminOf = await colleague(owner, 'admin@guarded.test', 'ADMIN');
    const mutation = 'mutation ($input: StoreCloseInput!) { storeClose(input: $input) { userErrors { code } } }';
    expect(await adminOf.client.codes(mutation, { input: { slug: 'guarded' } })).toEqual(['FORBIDDEN']);
    expect(await as({ ...owner.identity, storeId: null }).codes(mutation, { input: { slug: 'guarded' } })).toEqual(['FORBIDDEN']);
    const answers = await Promise.all([close(owner, { slug: 'guarded' }), close(owner, { slug: 'guarded' })]);
    expect(answers.toSorted((a, b) => a.length - b.length)).toEqual([[], ['ALREADY_CLOSED']]);
  });

  it('refuses bad input, and above all another slug, and changes nothing', async () => {
    const owner = await merchant('strict');
    const before = await admin(`select * from accounts.stores where slug = 'strict'`);
    expect(await close(owner, { slug: '' })).toEqual(['REQUIRED slug']);
    expect(await close(owner, { slug: 'x'.repeat(41) })).toEqual(['TOO_LONG slug']);
    expect(await close(owner, { slug: 'strickt' })).toEqual(['SLUG_MISMATCH slug']);
    expect(await close(owner, { slug: 'guarded' })).toEqual(['SLUG_MISMATCH slug']);
    expect(await close(owner, { slug: 'strict', reason: 'x'.repeat(501) })).toEqual(['TOO_LONG reason']);
    expect(await admin(`select * from accounts.stores where slug = 'strict'`)).toEqual(before);
  });
});
