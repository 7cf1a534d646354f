import { newId } from '@storegraph/core';
import { expect, test } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, refused, create, stranger, events } = await world();
const read = 'customer { tags }';

test('tags are added to those that are there, in lower case, each once', async () => {
  const customerId = await create({ firstName: 'A', tags: ['vip'] });
  expect(await mutate('customerTagsAdd', { customerId, tags: ['VIP', 'Berlin', 'berlin '] }, read)).toEqual({
    customer: { tags: ['berlin', 'vip'] },
    userErrors: [],
  });
  expect((await events()).at(-1)).toMatchObject({
    type: 'customer.updated',
    payload: { changed: ['tags'] },
    personal: { tags: ['berlin', 'vip'] },
  });
});

test('the same again changes nothing and tells nobody', async () => {
  const customerId = await create({ firstName: 'B', tags: ['vip'] });
  const count = (await events()).length;
  await mutate('customerTagsAdd', { customerId, tags: ['vip'] });
  expect((await events()).length).toBe(count);
});

test('of tags that are added at once none is lost', async () => {
  const customerId = await create({ firstName: 'C' });
  const tags = Array.from({ length: 20 }, (_, at) => `tag-${String(at).padStart(2, '0')}`);
  await Promise.all(tags.map((tag) => mutate('customerTagsAdd', { customerId, tags: [tag] })));
  expect(await mutate('customerTagsAdd', { customerId, tags: [] }, read)).toEqual({ customer: { tags }, userErrors: [] });
});

test('bad input: too many, too long, blank, unknown, another store', async () => {
  const customerId = await create({ firstName: 'D', tags: Array.from({ length: 50 }, (_, at) => `t${at}`) });
  expect(await refused('customerTagsAdd', { customerId, tags: ['one-more'] })).toEqual([['TOO_MANY_TAGS', 'tags']]);
  expect(await refused('customerTagsAdd', { customerId, tags: ['x'.repeat(51), ' '] })).toEqual([
    ['TOO_LONG', 'tags.0'],
    ['REQUIRED', 'tags.1'],
  ]);
  expect(await refused('customerTagsAdd', { customerId: newId('cus'), tags: ['a'] })).toEqual([['NOT_FOUND', 'customerId']]);
  expect(await refused('customerTagsAdd', { customerId, tags: ['a'] }, stranger)).toEqual([['NOT_FOUND', 'customerId']]);
});
