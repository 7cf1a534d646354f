import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { openShop } from './shop.ts';

const { as, codes, create, events, mutate, shopper, staff, statements, storeId, visitor } = await openShop();

const self = await shopper({ firstName: 'Ann' });
const customerId = self.identity.subjectId;
const other = await create({ firstName: 'Other', addresses: [{ line1: 'x', country: 'GB' }] });
const whole = { line1: '1 Long Lane', country: 'GB' };

describe('a customer who is logged in', () => {
  it('is the current one; nobody else has one', async () => {
    expect(await self.client.data('{ currentCustomer { id firstName account { verified } } }')).toEqual({
      currentCustomer: { id: customerId, firstName: 'Ann', account: { verified: true } },
    });
    for (const client of [visitor, staff, as(identity.anonymous()), as(identity.customer(newId('sto'), customerId as `cus_${string}`))])
      expect(await client.data('{ currentCustomer { id } }')).toEqual({ currentCustomer: null });
  });

  it('changes its own profile, and says what it agrees to', async () => {
    const consents = [{ channel: 'EMAIL', purpose: 'MARKETING', given: true }];
    expect(
      await mutate(
        'customerUpdate',
        { customerId, lastName: 'Li', birthDate: '1990-01-31', consents },
        'customer { lastName birthDate }',
        self.client,
      ),
    ).toEqual({ customer: { lastName: 'Li', birthDate: '1990-01-31' }, userErrors: [] });
    const [consent] = (await events()).filter(({ type }) => type === 'customer.consentRecorded');
    expect(consent?.payload).toMatchObject({ customerId, source: 'STOREFRONT', given: true });
  });

  it('says nothing that is the store’s to say', async () => {
    const change = (input: object) => codes('customerUpdate', { customerId, firstName: 'X', ...input }, self.client);
    expect(await change({ tags: ['vip'] })).toEqual(['STAFF_ONLY tags']);
    expect(await change({ note: null, metadata: { vip: true } })).toEqual(['STAFF_ONLY note', 'STAFF_ONLY metadata']);
    const consents = [{ channel: 'EMAIL', purpose: 'MARKETING', given: true, address: 'somebody@else.test' }];
    expect(await change({ consents })).toEqual(['STAFF_ONLY consents 0 address']);
    for (const field of ['tags', 'note', 'metadata'])
      expect(await self.client.codes(`{ currentCustomer { ${field} } }`)).toEqual(['FORBIDDEN']);
    expect(await self.client.data('{ currentCustomer { firstName } }')).toEqual({ currentCustomer: { firstName: 'Ann' } });
  });

  it('keeps its own address book', async () => {
    const added = await mutate<{ address: { id: string } }>(
      'customerAddressAdd',
      { customerId, address: whole },
      'address { id line1 }',
      self.client,
    );
    const addressId = added.address.id;
    expect(await codes('customerAddressUpdate', { addressId, city: 'Leeds', defaultShipping: true }, self.client)).toEqual([]);
    expect(await self.client.data('{ currentCustomer { addresses { id city defaultShipping } } }')).toEqual({
      currentCustomer: { addresses: [{ id: addressId, city: 'Leeds', defaultShipping: true }] },
    });
    expect(await mutate('customerAddressRemove', { addressId }, 'customer { addresses { id } }', self.client)).toEqual({
      customer: { addresses: [] },
      userErrors: [],
    });
  });

  it('finds nobody else’s profile or address, as if they were not there', async () => {
    const { customer } = await staff.data<{ customer: { addresses: { id: string }[] } }>(
      'query ($id: ID!) { customer(id: $id) { addresses { id } } }',
      { id: other },
    );
    const addressId = customer.addresses[0]?.id;
    for (const [theirs, address] of [
      [other, addressId],
      [newId('cus'), newId('adr')],
    ]) {
      expect(await codes('customerUpdate', { customerId: theirs, firstName: 'Mine' }, self.client)).toEqual(['NOT_FOUND customerId']);
      expect(await codes('customerAddressAdd', { customerId: theirs, address: whole }, self.client)).toEqual(['NOT_FOUND customerId']);
      expect(await codes('customerAddressUpdate', { addressId: address, city: 'Mine' }, self.client)).toEqual(['NOT_FOUND addressId']);
      expect(await codes('customerAddressRemove', { addressId: address }, self.client)).toEqual(['NOT_FOUND addressId']);
    }
    const elsewhere = as(identity.customer(newId('sto'), customerId as `cus_${string}`));
    expect(await codes('customerUpdate', { customerId, firstName: 'Mine' }, elsewhere)).toEqual(['NOT_FOUND customerId']);
    expect(await staff.data('query ($id: ID!) { customer(id: $id) { firstName addresses { line1 city } } }', { id: other })).toEqual({
      customer: { firstName: 'Other', addresses: [{ line1: 'x', city: null }] },
    });
  });
});

describe('staff', () => {
  it('see that a customer has an account, and no secret of it', async () => {
    const query = 'query ($id: ID!) { customer(id: $id) { account { id verified createdAt lastLogInAt sessions { status current } } } }';
    expect(await staff.data(query, { id: customerId })).toEqual({
      customer: {
        account: {
          id: expect.stringMatching(/^acc_/) as string,
          verified: true,
          createdAt: expect.any(String) as string,
          lastLogInAt: expect.any(String) as string,
          sessions: [{ status: 'ACTIVE', current: false }],
        },
      },
    });
    expect(await staff.data(query, { id: other })).toEqual({ customer: { account: null } });
    expect(
      await as(identity.customer(storeId)).data('query ($id: ID!) { customer(id: $id) { account { id } } }', { id: customerId }),
    ).toEqual({
      customer: null,
    });
  });

  it('read a page of customers with their accounts and sessions in as many statements as one', async () => {
    await shopper();
    await shopper();
    const count = async (first: number) => {
      statements();
      await staff.data('query ($first: Int) { customers(first: $first) { nodes { account { verified sessions { id } } } } }', { first });
      return statements().filter((text) => text.includes(' from ')).length;
    };
    expect(await count(100)).toBe(await count(1));
  });
});
