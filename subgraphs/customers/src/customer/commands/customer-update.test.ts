import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, events, staff } = await world();

test('what is left out stays, null clears, and the event names what changed', async () => {
  const customerId = await create({ firstName: 'Anna', lastName: 'Li', language: 'en', birthDate: '1990-01-01' });
  const answer = await mutate(
    'customerUpdate',
    { customerId, lastName: 'Wong', birthDate: null, language: 'en', country: 'HK' },
    'customer { firstName lastName birthDate language country }',
  );
  expect(answer).toEqual({
    customer: { firstName: 'Anna', lastName: 'Wong', birthDate: null, language: 'en', country: 'HK' },
    userErrors: [],
  });
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.updated',
    subject: customerId,
    payload: { customerId, changed: ['lastName', 'birthDate', 'country'] },
    personal: { firstName: 'Anna', lastName: 'Wong', birthDate: null },
  });
});

test('tags, note and metadata are replaced as a whole, and only the tags go out with the event', async () => {
  const customerId = await create({ firstName: 'Tagged', tags: ['VIP', 'vip', ' Wholesale '], note: 'Rings twice', metadata: { erp: 7 } });
  const read = 'customer { tags note metadata }';
  expect(await mutate('customerUpdate', { customerId }, read)).toMatchObject({
    customer: { tags: ['vip', 'wholesale'], note: 'Rings twice', metadata: { erp: 7 } },
  });
  const changes = { customerId, tags: ['retail', 'vip'], note: null, metadata: { erp: 8, tier: ['a'] } };
  expect(await mutate('customerUpdate', changes, read)).toEqual({
    customer: { tags: ['retail', 'vip'], note: null, metadata: { erp: 8, tier: ['a'] } },
    userErrors: [],
  });
  const event = (await events()).at(-1);
  expect(event).toMatchObject({ payload: { customerId, changed: ['tags', 'note', 'metadata'] }, personal: { tags: ['retail', 'vip'] } });
  expect(JSON.stringify(event)).not.toContain('erp');
  const count = (await events()).length;
  await mutate('customerUpdate', { ...changes, tags: ['VIP', 'retail'] });
  expect((await events()).length).toBe(count);
});

test('a name, a tag or a note that changes leaves the others as they were', async () => {
  const customerId = await create({ firstName: 'Keeps', tags: ['a'], note: 'n', metadata: { m: 1 } });
  const answer = await mutate('customerUpdate', { customerId, firstName: 'Kept' }, 'customer { firstName tags note metadata }');
  expect(answer).toMatchObject({ customer: { firstName: 'Kept', tags: ['a'], note: 'n', metadata: { m: 1 } } });
});

test('a changed name is found, and the old one no more', async () => {
  const customerId = await create({ firstName: 'Bartholomew', lastName: 'Quux' });
  await mutate('customerUpdate', { customerId, firstName: 'Ermenegildo' });
  const found = async (query: string) =>
    (
      await staff.data<{ customers: { nodes: { id: string }[] } }>('query ($query: String) { customers(query: $query) { nodes { id } } }', {
        query,
      })
    ).customers.nodes;
  expect(await found('ermenegildo')).toEqual([{ id: customerId }]);
  expect(await found('bartholomew')).toEqual([]);
});

test('a change to the same values is no change: no event, no new time', async () => {
  const customerId = await create({ firstName: 'Same' });
  const count = (await events()).length;
  const read = 'customer { updatedAt }';
  const before = await mutate('customerUpdate', { customerId }, read);
  expect(await mutate('customerUpdate', { customerId, firstName: ' Same ', lastName: '' }, read)).toEqual(before);
  expect((await events()).length).toBe(count);
});

test('bad input: tags, metadata and consents out of bounds', async () => {
  const customerId = await create({ firstName: 'Bounds' });
  const consent = { channel: 'EMAIL', purpose: 'MARKETING', given: true };
  expect(await refused('customerUpdate', { customerId, tags: ['ok', 'x'.repeat(51)], note: 'n'.repeat(5_001) })).toEqual([
    ['TOO_LONG', 'tags.1'],
    ['TOO_LONG', 'note'],
  ]);
  expect(await refused('customerUpdate', { customerId, tags: Array.from({ length: 51 }, (_, at) => `t${at}`) })).toEqual([
    ['TOO_LONG', 'tags'],
  ]);
  expect(await refused('customerUpdate', { customerId, metadata: { blob: 'x'.repeat(16_384) } })).toEqual([['TOO_LONG', 'metadata']]);
  expect(await refused('customerUpdate', { customerId, consents: [consent] })).toEqual([['REQUIRED', 'consents.0.address']]);
  expect(await refused('customerUpdate', { customerId, consents: [{ ...consent, address: 'nobody' }] })).toEqual([
    ['INVALID', 'consents.0.address'],
  ]);
});

test('consents go out as events with their evidence, about the primary address where none is named', async () => {
  const customerId = await create({ firstName: 'Agrees', email: 'Agrees@Example.com', phone: '+30 210 123 4567' });
  const wording = 'Yes, write to me.';
  await mutate('customerUpdate', {
    customerId,
    consents: [
      {
        channel: 'EMAIL',
        purpose: 'MARKETING',
        given: true,
        evidence: { wording, url: 'https://shop.test/news', collectedAt: '2026-01-02T03:04:05.000Z' },
      },
      { channel: 'SMS', purpose: 'MARKETING', given: false },
      { channel: 'EMAIL', purpose: 'TRANSACTIONAL', given: true, address: 'Other@Example.com' },
    ],
  });
  const said = (await events()).filter(({ type, subject }) => type === 'customer.consentRecorded' && subject === customerId);
  expect(
    said.map(({ payload, personal }) => [
      payload['channel'],
      payload['purpose'],
      payload['given'],
      payload['source'],
      personal?.['address'],
    ]),
  ).toEqual([
    ['EMAIL', 'MARKETING', true, 'STAFF', 'agrees@example.com'],
    ['SMS', 'MARKETING', false, 'STAFF', '+302101234567'],
    ['EMAIL', 'TRANSACTIONAL', true, 'STAFF', 'other@example.com'],
  ]);
  expect(said[0]).toMatchObject({ personal: { wording, url: 'https://shop.test/news', ip: null, userAgent: null } });
});

test('bad input: malformed, too long, unknown, foreign', async () => {
  const customerId = await create();
  expect(
    await refused('customerUpdate', {
      customerId,
      firstName: 'a'.repeat(101),
      timezone: 'Mars/Base',
      country: 'XX',
      birthDate: 'yesterday',
    }),
  ).toEqual([
    ['TOO_LONG', 'firstName'],
    ['INVALID', 'timezone'],
    ['INVALID', 'birthDate'],
    ['INVALID', 'country'],
  ]);
  for (const id of ['', 'cus_1', newId('cus'), newId('ord')]) {
    expect(await refused('customerUpdate', { customerId: id, firstName: 'B' })).toEqual([['NOT_FOUND', 'customerId']]);
  }
  expect(await refused('customerUpdate', { customerId, firstName: 'B' }, stranger)).toEqual([['NOT_FOUND', 'customerId']]);
});

test('changes of different fields at once are all kept', async () => {
  const customerId = await create({ firstName: 'A' });
  await Promise.all([
    mutate('customerUpdate', { customerId, firstName: 'X' }),
    mutate('customerUpdate', { customerId, lastName: 'Y' }),
    mutate('customerUpdate', { customerId, country: 'GR' }),
  ]);
  const { customer } = await staff.data('query ($id: ID!) { customer(id: $id) { firstName lastName country } }', { id: customerId });
  expect(customer).toEqual({ firstName: 'X', lastName: 'Y', country: 'GR' });
});
