import { newId, parseId, toUuid } from '@storegraph/core';
import { expect, it } from 'vitest';
import { world } from '../../../test/world.ts';

const { mutate, create, refused, staff, stranger, events, admin } = await world();

const merge = async (survivorId: string, mergedId: string) => {
  const answer = await mutate<{ merge: { id: string } }>('customerMerge', { survivorId, mergedId }, 'merge { id }');
  return answer.merge.id;
};
const undo = (mergeId: string) => mutate('customerMergeUndo', { mergeId }, 'merge { undoneBy { kind } availableTransitions { reason } }');

const tables = ['customers', 'addresses', 'contact_points', 'customer_tags', 'accounts', 'stores'];
/** Every row of the domain, without the times of the last change. */
const everything = async () => {
  const parts = tables.map(
    (name) => `(select jsonb_agg(to_jsonb(t) - 'updated_at' order by to_jsonb(t)) from customers.${name} t) as ${name}`,
  );
  const [row] = await admin(`select ${parts.join(', ')}`);
  return row;
};
const person = (n: string) => ({
  firstName: `First${n}`,
  lastName: `Last${n}`,
  note: `note ${n}`,
  tags: ['both', n],
  metadata: { [n]: n },
  email: `${n}@example.com`,
  phone: `+3021012345${n.charCodeAt(0)}`,
  addresses: [{ line1: `${n} street`, country: 'GR', defaultBilling: true, defaultShipping: true }],
});

it('gives back the same rows, whatever was merged into whom before', async () => {
  const [a, b, c] = [await create(person('a')), await create(person('b')), await create({ firstName: null, email: 'c@example.com' })];
  const states = [await everything()];
  const inner = await merge(b, a);
  states.push(await everything());
  const outer = await merge(c, b);
  expect(await everything()).not.toEqual(states[1]);
  expect(await refused('customerMergeUndo', { mergeId: inner })).toEqual([['SURVIVOR_MERGED', 'mergeId']]);
  expect(await undo(outer)).toEqual({
    merge: { undoneBy: { kind: 'STAFF' }, availableTransitions: [{ reason: 'ALREADY_UNDONE' }] },
    userErrors: [],
  });
  expect(await everything()).toEqual(states[1]);
  await undo(inner);
  expect(await everything()).toEqual(states[0]);
  expect((await events()).at(-1)?.type).toBe('customer.updated');
  expect((await events()).filter(({ type }) => type === 'customer.mergeUndone').map(({ payload }) => payload['mergeId'])).toEqual([
    outer,
    inner,
  ]);
});

/** As a sign-up leaves it. */
const openAccount = (customerId: string) =>
  admin(
    `with opened as (insert into customers.accounts (store_id, id, customer_id) select store_id, gen_random_uuid(), id from customers.customers where id = $1 returning *)
     insert into customers.sessions (store_id, id, account_id, customer_id, expires_at) select store_id, gen_random_uuid(), id, customer_id, now() + interval '1 hour' from opened`,
    [toUuid(parseId('cus', customerId) ?? newId('cus'))],
  );
const accountsOf = async (customerId: string) =>
  (
    await admin<{ live: boolean }>(
      `select (select bool_or(revoked_at is null) from customers.sessions s where s.account_id = a.id and s.customer_id = a.customer_id) as live
       from customers.accounts a where customer_id = $1`,
      [toUuid(parseId('cus', customerId) ?? newId('cus'))],
    )
  ).map(({ live }) => live);

it('an account goes along and comes back, with its log-ins ended, unless the survivor has one of its own', async () => {
  const [survivorId, mergedId] = [await create({ firstName: 'Without' }), await create({ firstName: 'With' })];
  await openAccount(mergedId);
  const mergeId = await merge(survivorId, mergedId);
  expect([await accountsOf(survivorId), await accountsOf(mergedId)]).toEqual([[false], []]);
  await undo(mergeId);
  expect([await accountsOf(survivorId), await accountsOf(mergedId)]).toEqual([[], [false]]);
  await openAccount(survivorId);
  const again = await merge(survivorId, mergedId);
  expect([await accountsOf(survivorId), await accountsOf(mergedId)]).toEqual([[true], [false]]);
  await undo(again);
  expect([await accountsOf(survivorId), await accountsOf(mergedId)]).toEqual([[true], [false]]);
});

it('what the survivor got since stays, and what is gone of the merged one’s comes back', async () => {
  const [survivorId, mergedId] = [await create({ firstName: 'Stays' }), await create(person('d'))];
  const mergeId = await merge(survivorId, mergedId);
  await mutate('customerContactPointAdd', { customerId: survivorId, channel: 'EMAIL', address: 'new@example.com' });
  await mutate('customerUpdate', { customerId: survivorId, country: 'IT', note: 'Written since' });
  const { customer } = await staff.data<{ customer: { contactPoints: { id: string; address: string }[] } }>(
    'query ($id: ID!) { customer(id: $id) { contactPoints { id address } } }',
    { id: survivorId },
  );
  await mutate('customerContactPointRemove', {
    contactPointId: customer.contactPoints.find(({ address }) => address === 'd@example.com')?.id,
  });
  expect((await undo(mergeId)).userErrors).toEqual([]);
  const read =
    'query ($id: ID!) { customer(id: $id) { firstName country note tags contactPoints { address primary } addresses { line1 defaultBilling } } }';
  expect((await staff.data<{ customer: object }>(read, { id: survivorId })).customer).toEqual({
    firstName: 'Stays',
    country: 'IT',
    note: 'Written since',
    tags: [],
    contactPoints: [{ address: 'new@example.com', primary: true }],
    addresses: [],
  });
  expect((await staff.data<{ customer: object }>(read, { id: mergedId })).customer).toMatchObject({
    firstName: 'Firstd',
    contactPoints: [
      { address: 'd@example.com', primary: true },
      { address: '+3021012345100', primary: true },
    ],
    addresses: [{ line1: 'd street', defaultBilling: true }],
  });
});

it('bad input: it is refused where it can not hold', async () => {
  const [a, b] = [await create({ firstName: 'A' }), await create({ email: 'taken-since@example.com' })];
  const mergeId = await merge(a, b);
  expect(await refused('customerMergeUndo', { mergeId: 'nonsense' })).toEqual([['NOT_FOUND', 'mergeId']]);
  expect(await refused('customerMergeUndo', { mergeId }, stranger)).toEqual([['NOT_FOUND', 'mergeId']]);
  const { customer } = await staff.data<{ customer: { contactPoints: { id: string }[] } }>(
    'query ($id: ID!) { customer(id: $id) { contactPoints { id } } }',
    { id: a },
  );
  await mutate('customerContactPointRemove', { contactPointId: customer.contactPoints[0]?.id });
  const other = await create({ email: 'taken-since@example.com' });
  expect(await refused('customerMergeUndo', { mergeId })).toEqual([['ADDRESS_TAKEN', 'mergeId']]);
  await mutate('customerErase', { customerId: other, reason: 'NO_LONGER_NEEDED', idempotencyKey: 'frees-the-address' });
  expect((await undo(mergeId)).userErrors).toEqual([]);
  expect(await refused('customerMergeUndo', { mergeId })).toEqual([['ALREADY_UNDONE', 'mergeId']]);
  const again = await merge(a, b);
  await mutate('customerErase', { customerId: a, reason: 'UNLAWFULLY_PROCESSED', idempotencyKey: 'erases-the-survivor' });
  expect(await refused('customerMergeUndo', { mergeId: again })).toEqual([['SURVIVOR_ERASED', 'mergeId']]);
});

it('of two undos at once one happens, and a merge that was undone can be made again', async () => {
  const [a, b] = [await create({ firstName: 'A' }), await create({ firstName: 'B' })];
  const mergeId = await merge(a, b);
  const answers = await Promise.all([undo(mergeId), undo(mergeId), undo(mergeId)]);
  expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(['ALREADY_UNDONE', 'ALREADY_UNDONE']);
  await merge(b, a);
  expect(await staff.data('query ($a: ID!) { customer(id: $a) { id } }', { a })).toEqual({ customer: { id: b } });
});
