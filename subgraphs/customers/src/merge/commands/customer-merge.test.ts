import { newId } from '@storegraph/core';
import { expect, it } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, create, refused, staff, stranger, events } = await world();

const merge = (survivorId: string, mergedId: string, rest: object = {}) =>
  mutate<{ merge: { id: string } | null }>('customerMerge', { survivorId, mergedId, ...rest }, 'merge { id }');

const whole = `id number firstName lastName country language note metadata tags email phone
  contactPoints { channel address primary } addresses { line1 defaultBilling defaultShipping }`;
const read = async (id: string) =>
  (await staff.data<{ customer: Record<string, unknown> }>(`query ($id: ID!) { customer(id: $id) { ${whole} } }`, { id })).customer;

it('what the merged customer has is the survivor’s, and only what the survivor lacks changes the survivor', async () => {
  const survivorId = await create({
    firstName: 'Ada',
    email: 'ada@example.com',
    note: 'Rings twice',
    metadata: { erp: 1 },
    tags: ['vip'],
    addresses: [{ line1: '1 Main St', country: 'GB', defaultBilling: true }],
  });
  const mergedId = await create({
    firstName: 'Augusta',
    lastName: 'King',
    country: 'GB',
    email: 'king@example.com',
    phone: '+442071234567',
    note: 'Pays late',
    metadata: { erp: 2, crm: 3 },
    tags: ['vip', 'wholesale'],
    addresses: [{ line1: '2 High St', country: 'GB', defaultBilling: true, defaultShipping: true }],
  });
  const { merge: made, userErrors } = await merge(survivorId, mergedId);
  expect(userErrors).toEqual([]);
  expect(await read(survivorId)).toMatchObject({
    firstName: 'Ada',
    lastName: null,
    country: 'GB',
    note: 'Rings twice\n\nPays late',
    metadata: { erp: 1, crm: 3 },
    tags: ['vip', 'wholesale'],
    email: 'ada@example.com',
    phone: '+442071234567',
    contactPoints: [
      { channel: 'EMAIL', address: 'ada@example.com', primary: true },
      { channel: 'EMAIL', address: 'king@example.com', primary: false },
      { channel: 'PHONE', address: '+442071234567', primary: true },
    ],
    addresses: [
      { line1: '1 Main St', defaultBilling: true, defaultShipping: false },
      { line1: '2 High St', defaultBilling: false, defaultShipping: true },
    ],
  });
  const told = (await events()).slice(-2);
  expect(told.map(({ type, payload, personal }) => [type, payload, personal?.['firstName'] ?? null])).toEqual([
    ['customer.merged', { survivorId, mergedId, mergeId: made?.id }, null],
    ['customer.updated', { customerId: survivorId, changed: ['country', 'note', 'metadata', 'tags'] }, 'Ada'],
  ]);
});

it('the merged customer’s id, number, external id and references lead to the survivor, through merges of merges, in few statements', async () => {
  const end = await create({ firstName: 'Last' });
  const middle = await create({ firstName: 'Middle', lastName: 'Namesake', externalId: 'ext-7' });
  const first = await create({ firstName: 'First', lastName: 'Namesake' });
  const number = async (id: string) => Number((await read(id))['number']);
  const [numberOfFirst, numberOfEnd] = [await number(first), await number(end)];
  await merge(middle, first);
  await merge(end, middle);
  const asked = await staff.data(
    `query ($first: ID!, $middle: ID!, $number: Int!, $list: [_Any!]!) {
      a: customer(id: $first) { id number } b: customer(id: $middle) { id } c: customerByNumber(number: $number) { id }
      _entities(representations: $list) { ... on Customer { id } }
      found: customers(query: "ext-7") { nodes { id } } names: customers(query: "Namesake") { totalCount } }`,
    { first, middle, number: numberOfFirst, list: [first, middle, end].map((id) => ({ __typename: 'Customer', id })) },
  );
  expect(asked).toEqual({
    a: { id: end, number: numberOfEnd },
    b: { id: end },
    c: { id: end },
    _entities: [{ id: end }, { id: end }, { id: end }],
    found: { nodes: [{ id: end }] },
    names: { totalCount: 0 },
  });
  const listed = await staff.data<{ customers: { nodes: { id: string }[] } }>('{ customers(first: 100) { nodes { id } } }');
  expect(listed.customers.nodes.map(({ id }) => id).filter((id) => [first, middle, end].includes(id))).toEqual([end]);
  expect(await stranger.data('query ($id: ID!) { customer(id: $id) { id } }', { id: first })).toEqual({ customer: null });
});

it('the survivor lists its merges, with who made them and whether they can be undone', async () => {
  const survivorId = await create({ firstName: 'Lists' });
  const mergedId = await create({ firstName: 'Gone', lastName: 'Over' });
  const { merge: made } = await merge(survivorId, mergedId);
  const { customer } = await staff.data<{ customer: { merges: object[] } }>(
    `query ($id: ID!) { customer(id: $id) { merges { id survivor { id } merged { id displayName } mergedBy { kind } undoneAt undoneBy { kind }
      availableTransitions { name allowed reason } } } }`,
    { id: survivorId },
  );
  expect(customer.merges).toEqual([
    {
      id: made?.id,
      survivor: { id: survivorId },
      merged: { id: mergedId, displayName: 'Gone Over' },
      mergedBy: { kind: 'STAFF' },
      undoneAt: null,
      undoneBy: null,
      availableTransitions: [{ name: 'UNDONE', allowed: true, reason: null }],
    },
  ]);
});

it('bad input: nobody, oneself, another store’s, and who is merged or erased already is refused, and nothing happens', async () => {
  const [a, b, c] = [await create({ firstName: 'A' }), await create({ firstName: 'B' }), await create({ firstName: 'C' })];
  const foreign = await create({ firstName: 'Foreign' }, stranger);
  await merge(a, b);
  await mutate('customerErase', { customerId: c, reason: 'REQUESTED_BY_CUSTOMER', idempotencyKey: 'merge-erased' });
  const d = await create({ firstName: 'D' });
  expect(await refused('customerMerge', { survivorId: d, mergedId: d })).toEqual([['SAME_CUSTOMER', 'mergedId']]);
  expect(await refused('customerMerge', { survivorId: d, mergedId: foreign })).toEqual([['NOT_FOUND', 'mergedId']]);
  expect(await refused('customerMerge', { survivorId: foreign, mergedId: d })).toEqual([['NOT_FOUND', 'survivorId']]);
  expect(await refused('customerMerge', { survivorId: 'nonsense', mergedId: newId('cus') })).toEqual([['NOT_FOUND', 'survivorId']]);
  expect(await refused('customerMerge', { survivorId: d, mergedId: b })).toEqual([['ALREADY_MERGED', 'mergedId']]);
  expect(await refused('customerMerge', { survivorId: b, mergedId: d })).toEqual([['ALREADY_MERGED', 'survivorId']]);
  expect(await refused('customerMerge', { survivorId: d, mergedId: c })).toEqual([['ERASED', 'mergedId']]);
  expect(await refused('customerMerge', { survivorId: d, mergedId: a, idempotencyKey: 'not ascii: é' })).toEqual([
    ['INVALID', 'idempotencyKey'],
  ]);
  expect(await refused('customerUpdate', { customerId: b, firstName: 'Back' })).toEqual([['NOT_FOUND', 'customerId']]);
  expect(await refused('customerUpdate', { customerId: c, firstName: 'Back' })).toEqual([['NOT_FOUND', 'customerId']]);
});

it('two who would have more of something together than one can have are not merged', async () => {
  const [a, b] = [await create({ firstName: 'A' }), await create({ firstName: 'B' })];
  const tags = (from: number, count: number) => Array.from({ length: count }, (_, at) => `t${from + at}`);
  await mutate('customerUpdate', { customerId: a, tags: tags(0, 30) });
  await mutate('customerUpdate', { customerId: b, tags: tags(20, 31) });
  expect(await refused('customerMerge', { survivorId: a, mergedId: b })).toEqual([['TOO_MANY', null]]);
  await mutate('customerUpdate', { customerId: b, tags: tags(20, 30) });
  expect((await merge(a, b)).userErrors).toEqual([]);
});

it('the same key again answers the same and does nothing; with another input it is refused', async () => {
  const [a, b, c] = [await create({ firstName: 'A' }), await create({ firstName: 'B' }), await create({ firstName: 'C' })];
  const key = { idempotencyKey: 'merge-once' };
  const { merge: made } = await merge(a, b, key);
  const count = (await events()).length;
  expect(await merge(a, b, key)).toEqual({ merge: made, userErrors: [] });
  expect((await events()).length).toBe(count);
  expect((await merge(a, c, key)).userErrors).toEqual([{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }]);
});

it('of two merges at once, each into the other, one happens', async () => {
  for (let round = 0; round < 5; round++) {
    const [a, b] = [await create({ firstName: 'A' }), await create({ firstName: 'B' })];
    const answers = await Promise.all([merge(a, b), merge(b, a), merge(a, b), merge(b, a)]);
    expect(answers.filter(({ merge: made }) => made !== null).length).toBe(1);
    expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual([
      'ALREADY_MERGED',
      'ALREADY_MERGED',
      'ALREADY_MERGED',
    ]);
  }
});

it('what is added while a merge is under way is not lost: it goes to the survivor, or is refused', async () => {
  const [survivorId, mergedId] = [await create({ firstName: 'S' }), await create({ firstName: 'M' })];
  const adds = Array.from({ length: 6 }, (_, at) =>
    mutate<{ contactPoint: { id: string } | null }>(
      'customerContactPointAdd',
      { customerId: mergedId, channel: 'EMAIL', address: `late-${at}@example.com` },
      'contactPoint { id }',
    ),
  );
  const [, ...added] = await Promise.all([merge(survivorId, mergedId), ...adds]);
  const { contactPoints } = (await read(survivorId)) as { contactPoints: unknown[] };
  expect(contactPoints.length).toBe(added.filter((answer) => 'contactPoint' in answer && answer.contactPoint !== null).length);
});
