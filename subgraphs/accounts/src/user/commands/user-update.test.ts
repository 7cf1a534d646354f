import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { accountsHarness, createApiKey, present, refusals } from '../../../test/support.ts';

const { as, admin, merchant, colleague, person, runtime, visitor } = await accountsHarness();
const shown = 'firstName lastName displayName phone avatarUrl locale timezone';
const mutation = `mutation ($input: UserUpdateInput!) { userUpdate(input: $input) { user { ${shown} } userErrors { code field } } }`;
const whole = {
  firstName: 'Zoë',
  lastName: 'Kim',
  phone: '+44 20 7946 0018',
  avatarUrl: 'https://images.example.test/zoe.png',
  locale: 'el',
  timezone: 'Europe/Athens',
};
const told = () => admin(`select payload, personal from events.log where type = 'user.updated' order by ordinal`);

describe('userUpdate', () => {
  it('changes what is given, clears what is null, keeps the rest, and tells of it once', async () => {
    const { client, identity: who } = await person('whole@example.test');
    const user = { ...whole, phone: '+442079460018', displayName: 'Zoë Kim' };
    expect(await client.data(mutation, { input: whole })).toEqual({ userUpdate: { user, userErrors: [] } });
    expect(await client.data(mutation, { input: { ...whole } })).toEqual({ userUpdate: { user, userErrors: [] } });
    expect(await client.data(mutation, { input: {} })).toEqual({ userUpdate: { user, userErrors: [] } });
    const cleared = { ...user, lastName: null, phone: null, avatarUrl: null, displayName: 'Zoë' };
    expect(await client.data(mutation, { input: { lastName: null, phone: null, avatarUrl: null } })).toEqual({
      userUpdate: { user: cleared, userErrors: [] },
    });
    expect(await client.data(`{ viewer { user { ${shown} } } }`)).toEqual({ viewer: { user: cleared } });
    const { firstName, avatarUrl, locale, timezone } = whole;
    const payload = { userId: who.subjectId, locale, timezone };
    expect(await told()).toEqual([
      { payload, personal: { firstName, lastName: 'Kim', phone: '+442079460018', avatarUrl } },
      { payload, personal: { firstName, lastName: null, phone: null, avatarUrl: null } },
    ]);
  });

  it('changes nobody else, and colleagues see the name and not the phone number', async () => {
    const owner = await merchant('names');
    const agent = await colleague(owner, 'agent@names.test', 'AGENT');
    await agent.client.data(mutation, { input: whole });
    const { members } = await owner.client.data<{ members: { nodes: object[] } }>('{ members { nodes { user { displayName phone } } } }');
    expect(members.nodes).toEqual([{ user: { displayName: 'Ann Smith', phone: null } }, { user: { displayName: 'Zoë Kim', phone: null } }]);
  });

  it('refuses bad input and whoever is no user, and changes nothing', async () => {
    const owner = await merchant('strict');
    const before = (await told()).length;
    const refused = (input: object, client = owner.client) => refusals(client, 'userUpdate', 'UserUpdateInput', input);
    expect(await refused({ firstName: ' ', lastName: 'x'.repeat(101) })).toEqual(['REQUIRED firstName', 'TOO_LONG lastName']);
    for (const phone of ['020 7946 0018', '+12', '+1234567890123456', '+44 phone'])
      expect(await refused({ phone })).toEqual(['INVALID phone']);
    for (const avatarUrl of ['http://images.example.test/a.png', 'javascript:alert(1)', 'a.png'])
      expect(await refused({ avatarUrl })).toEqual(['INVALID avatarUrl']);
    expect(await refused({ avatarUrl: `https://a.test/${'a'.repeat(2000)}` })).toEqual(['TOO_LONG avatarUrl']);
    expect(await refused({ locale: 'not_a_locale', timezone: 'Europe/Atlantis' })).toEqual(['INVALID locale', 'INVALID timezone']);
    expect(await refused({ locale: null, timezone: null })).toEqual(['REQUIRED locale', 'REQUIRED timezone']);
    const { secret } = await createApiKey(owner.client, ['store:read']);
    const key = as(present(await runtime.exchange?.({ kind: 'API_KEY', key: secret })));
    for (const client of [key, as(identity.customer(owner.storeId))])
      expect(await refused({ firstName: 'X' }, client)).toEqual(['NOT_FOUND']);
    expect(await visitor.codes(mutation, { input: {} })).toEqual(['UNAUTHENTICATED']);
    expect(await told()).toHaveLength(before);
  });
});
