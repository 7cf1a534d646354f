import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { accountsHarness, refusals, type Answer } from '../../../test/support.ts';

const { as, admin, merchant, colleague } = await accountsHarness();

const mutation = `mutation ($input: StoreUpdateInput!) { storeUpdate(input: $input) {
  store { name domain country settings { timezone defaultLanguage } } userErrors { code field }
} }`;

describe('storeUpdate', () => {
  it('changes what is given, keeps what is left out, clears what is null', async () => {
    const { client } = await merchant('changing');
    const change = (input: object) => client.data<Answer<'storeUpdate', object>>(mutation, { input });
    expect(await change({ name: ' New name ', domain: 'Shop.Example.com', timezone: 'Europe/Paris', defaultLanguage: 'fr-fr' })).toEqual({
      storeUpdate: {
        store: {
          name: 'New name',
          domain: 'shop.example.com',
          country: 'GB',
          settings: { timezone: 'Europe/Paris', defaultLanguage: 'fr-FR' },
        },
        userErrors: [],
      },
    });
    expect(await change({ domain: null, country: null })).toMatchObject({
      storeUpdate: { store: { name: 'New name', domain: null, country: null, settings: { timezone: 'Europe/Paris' } } },
    });
    expect(await admin(`select payload->>'name' as name from events.log where type = 'store.updated'`)).toEqual([
      { name: 'New name' },
      { name: 'New name' },
    ]);
  });

  it('gives a domain to one store at a time, and gives it free', async () => {
    const first = await merchant('first');
    const second = await merchant('second');
    const domain = { domain: 'the.example.com' };
    expect(await refusals(first.client, 'storeUpdate', 'StoreUpdateInput', domain)).toEqual([]);
    expect(await refusals(second.client, 'storeUpdate', 'StoreUpdateInput', domain)).toEqual(['DOMAIN_TAKEN domain']);
    expect(await refusals(first.client, 'storeUpdate', 'StoreUpdateInput', { domain: 'else.example.com' })).toEqual([]);
    expect(await refusals(second.client, 'storeUpdate', 'StoreUpdateInput', domain)).toEqual([]);
  });

  it('needs the right to change the store', async () => {
    const owner = await merchant('guarded');
    const agent = await colleague(owner, 'agent@guarded.test', 'AGENT');
    expect(await agent.client.codes(mutation, { input: { name: 'Mine' } })).toEqual(['FORBIDDEN']);
    expect(await as(identity.platform()).codes(mutation, { input: { name: 'Nobody’s' } })).toEqual(['FORBIDDEN']);
    expect(await admin(`select name from accounts.stores where slug = 'guarded'`)).toEqual([{ name: 'The guarded store' }]);
  });

  it('refuses bad input with a code and the field, and changes nothing', async () => {
    const { client } = await merchant('strict');
    const refused = (input: object) => refusals(client, 'storeUpdate', 'StoreUpdateInput', input);
    const before = await admin(`select * from accounts.stores where slug = 'strict'`);
    expect(await refused({ name: null })).toEqual(['REQUIRED name']);
    expect(await refused({ name: '' })).toEqual(['REQUIRED name']);
    expect(await refused({ name: 'x'.repeat(101) })).toEqual(['TOO_LONG name']);
    expect(await refused({ domain: 'https://example.com/' })).toEqual(['INVALID domain']);
    expect(await refused({ domain: 'localhost' })).toEqual(['INVALID domain']);
    expect(await refused({ domain: `${'a.'.repeat(130)}com` })).toEqual(['TOO_LONG domain']);
    expect(await refused({ country: 'gbr', timezone: null, defaultLanguage: 'x'.repeat(36) })).toEqual([
      'INVALID country',
      'REQUIRED timezone',
      'TOO_LONG defaultLanguage',
    ]);
    expect(await admin(`select * from accounts.stores where slug = 'strict'`)).toEqual(before);
    const nowhere = as(identity.staff(newId('sto')));
    expect(await refusals(nowhere, 'storeUpdate', 'StoreUpdateInput', { name: 'Nowhere' })).toEqual(['NOT_FOUND']);
  });
});
