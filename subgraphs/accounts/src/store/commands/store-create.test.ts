import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, createStore, present, refusals } from '../../../test/support.ts';

const { as, admin, person, merchant, runtime, visitor, returning, settled } = await accountsHarness();

const input = { slug: 'shop', name: 'Shop', currency: 'EUR' };
const mutation = 'mutation ($input: StoreCreateInput!) { storeCreate(input: $input) { store { id } userErrors { code } } }';

describe('storeCreate', () => {
  it('makes the caller the owner, with every built-in role in place', async () => {
    const owner = await person('owner@new.test');
    const id = await createStore(owner.client, 'new');
    const { client, storeId } = await returning('owner@new.test');
    expect(storeId).toBe(id);
    expect(
      await client.data(`{
        store { slug name currency language status country domain settings { timezone currency defaultLanguage } }
        viewer { permissions memberships { role { key } status enterable store { slug } } }
        roles { key name builtIn }
      }`),
    ).toMatchObject({
      store: {
        slug: 'new',
        name: 'The new store',
        currency: 'GBP',
        language: 'en',
        status: 'ACTIVE',
        country: 'GB',
        domain: null,
        settings: { timezone: 'Europe/London', currency: 'GBP', defaultLanguage: 'en' },
      },
      viewer: { memberships: [{ role: { key: 'OWNER' }, status: 'ACTIVE', enterable: true, store: { slug: 'new' } }] },
      roles: [
        { key: 'OWNER', name: 'Owner', builtIn: true },
        { key: 'ADMIN', name: 'Admin', builtIn: true },
        { key: 'MANAGER', name: 'Manager', builtIn: true },
        { key: 'AGENT', name: 'Agent', builtIn: true },
      ],
    });
  });

  it('writes its events and the activity into the new store', async () => {
    const { client } = await person('events@new.test');
    const id = await createStore(client, 'events');
    await settled();
    const events = await admin(
      `select e.type from events.log e join accounts.stores s on s.id = e.store_id where s.slug = 'events' order by e.id`,
    );
    expect(events.map(({ type }) => type)).toEqual(['store.created', 'member.added', 'activity.recorded']);
    const inside = await returning('events@new.test');
    expect(inside.storeId).toBe(id);
  });

  it('gives one slug to one of ten stores made at the same moment', async () => {
    const { client } = await person('race@new.test');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refusals(client, 'storeCreate', 'StoreCreateInput', { ...input, slug: 'race' })),
    );
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(answers.filter((codes) => codes[0] === 'SLUG_TAKEN slug')).toHaveLength(9);
  });

  it('is for users: an API key is refused, a shopper too, a visitor has to log in', async () => {
    const { client, storeId } = await merchant('keys');
    const { secret } = await createApiKey(client, ['store:write']);
    const key = present(await runtime.exchange?.({ kind: 'API_KEY', key: secret }));
    expect(await refusals(as(key), 'storeCreate', 'StoreCreateInput', input)).toEqual(['NOT_A_USER']);
    expect(await refusals(as(identity.customer(storeId, newId('cus'))), 'storeCreate', 'StoreCreateInput', input)).toEqual(['NOT_A_USER']);
    expect(await visitor.codes(mutation, { input })).toEqual(['UNAUTHENTICATED']);
    expect(await admin(`select from accounts.stores where slug = 'shop'`)).toEqual([]);
  });

  it('refuses bad input with a code and the field, and changes nothing', async () => {
    const { client } = await merchant('taken');
    const [before] = await admin('select count(*)::int as stores from accounts.stores');
    const refused = (bad: object) => refusals(client, 'storeCreate', 'StoreCreateInput', { ...input, ...bad });
    expect(await refused({ slug: 'taken' })).toEqual(['SLUG_TAKEN slug']);
    expect(await refused({ slug: '' })).toEqual(['REQUIRED slug', 'INVALID slug']);
    expect(await refused({ slug: 'No Slug!' })).toEqual(['INVALID slug']);
    expect(await refused({ slug: 'ab' })).toEqual(['INVALID slug']);
    expect(await refused({ slug: 'a'.repeat(41) })).toEqual(['TOO_LONG slug', 'INVALID slug']);
    expect(await refused({ name: '  ' })).toEqual(['REQUIRED name']);
    expect(await refused({ name: 'x'.repeat(101) })).toEqual(['TOO_LONG name']);
    expect(await refused({ currency: 'XXQ' })).toEqual(['INVALID currency']);
    expect(await refused({ country: 'Britain', timezone: '+01:00', defaultLanguage: '-' })).toEqual([
      'INVALID country',
      'INVALID timezone',
      'INVALID defaultLanguage',
    ]);
    expect(await client.codes(mutation, { input: { slug: 'shop' } })).toEqual(['BAD_REQUEST', 'BAD_REQUEST']);
    expect(await admin('select count(*)::int as stores from accounts.stores')).toEqual([before]);
  });
});
