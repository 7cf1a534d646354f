import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, staff, stranger, events } = await world();

test('tags are taken, in whatever case they are named, and the others stay', async () => {
  const customerId = await create({ firstName: 'A', tags: ['vip', 'berlin'] });
  expect(await mutate('customerTagsRemove', { customerId, tags: ['VIP', 'unknown'] }, 'customer { tags }')).toEqual({
    customer: { tags: ['berlin'] },
    userErrors: [],
  });
  const count = (await events()).length;
  await mutate('customerTagsRemove', { customerId, tags: ['vip'] });
  expect((await events()).length).toBe(count);
});

test('customers are found by their tags, and tags are counted', async () => {
  const [one, two, three] = [
    await create({ firstName: 'One', tags: ['red', 'round'] }),
    await create({ firstName: 'Two', tags: ['red'], email: 'two@example.com', country: 'GR' }),
    await create({ firstName: 'Three', language: 'pt-BR', gender: 'FEMALE', phone: '+302101234567' }),
  ];
  const among = async (filter: Record<string, unknown>) => {
    const { customers } = await staff.data<{ customers: { nodes: { id: string }[]; totalCount: number } }>(
      'query ($filter: CustomerFilter) { customers(filter: $filter, sort: OLDEST) { nodes { id } totalCount } }',
      { filter },
    );
    const ids = customers.nodes.map(({ id }) => id);
    expect(customers.totalCount).toBe(ids.length);
    return ids.filter((id) => [one, two, three].includes(id));
  };
  expect(await among({ tagsAny: ['RED', 'blue'] })).toEqual([one, two]);
  expect(await among({ tagsAll: ['red', 'round'] })).toEqual([one]);
  expect(await among({ tagsNone: ['red'] })).toEqual([three]);
  expect(await among({ tagsAny: ['red'], tagsNone: ['round'] })).toEqual([two]);
  expect(await among({ tagsAny: [] })).toEqual([]);
  expect(await among({ country: ['gr'] })).toEqual([two]);
  expect(await among({ language: ['pt-BR'], gender: ['FEMALE', 'MALE'] })).toEqual([three]);
  expect(await among({ reachableBy: ['EMAIL', 'PHONE'] })).toEqual([two, three]);
  expect(await among({ createdFrom: '2100-01-01T00:00:00.000Z' })).toEqual([]);
  expect(await among({ updatedTo: '2100-01-01T00:00:00.000Z', tagsAny: ['round'] })).toEqual([one]);

  const { customerTags } = await staff.data<{ customerTags: { nodes: unknown[]; totalCount: number } }>(
    '{ customerTags(first: 10, startsWith: "R") { nodes { tag customers } totalCount } }',
  );
  expect(customerTags).toEqual({
    nodes: [
      { tag: 'red', customers: 2 },
      { tag: 'round', customers: 1 },
    ],
    totalCount: 2,
  });
  expect(
    await stranger.data('{ customerTags { nodes { tag } totalCount } customers(filter: { tagsAny: ["red"] }) { nodes { id } } }'),
  ).toEqual({
    customerTags: { nodes: [], totalCount: 0 },
    customers: { nodes: [] },
  });
});

test('bad input: too long, unknown, another store', async () => {
  const customerId = await create({ firstName: 'B', tags: ['kept'] });
  expect(await refused('customerTagsRemove', { customerId, tags: ['x'.repeat(51)] })).toEqual([['TOO_LONG', 'tags.0']]);
  expect(await refused('customerTagsRemove', { customerId: newId('cus'), tags: ['kept'] })).toEqual([['NOT_FOUND', 'customerId']]);
  expect(await refused('customerTagsRemove', { customerId, tags: ['kept'] }, stranger)).toEqual([['NOT_FOUND', 'customerId']]);
});
