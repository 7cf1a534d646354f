import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isLeafType, isObjectType, isRequiredArgument, type GraphQLNamedType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { graphHarness, seedStore, type GraphHarness, type SeededStore } from '../src/graph.ts';

const schema = buildSchema(readFileSync(new URL('../../../gateway/schema.graphql', import.meta.url), 'utf8'));

/** What tells that something happened is told of a merge and of its undo too, and stays. */
const history = new Set(['updatedAt', 'timeline']);

/** Every field that needs no argument, each with what hangs below it so many levels deep. */
function fieldsOf(type: GraphQLNamedType | undefined, depth: number): string[] {
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields())
    .filter((field) => !history.has(field.name) && !field.args.some(isRequiredArgument))
    .flatMap((field) => {
      const named = getNamedType(field.type);
      if (isLeafType(named)) return [field.name];
      return depth > 0 ? [`${field.name} { __typename ${fieldsOf(named, depth - 1).join(' ')} }`] : [];
    });
}

const customerFields = fieldsOf(schema.getType('Customer'), 3);

let graph: GraphHarness;
let store: SeededStore;
let survivor: { id: string };
let merged: { id: string };
const key = () => ({ idempotencyKey: randomUUID() });

async function mutate<Payload = Record<string, never>>(name: string, input: object, selection = ''): Promise<Payload> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { result } = await store.owner.data<{ result: Payload & { userErrors: unknown[] } }>(
    `mutation ($input: ${type}!) { result: ${name}(input: $input) { ${selection} userErrors { code field } } }`,
    { input },
  );
  expect(result.userErrors, name).toEqual([]);
  return result;
}

/** A customer with everything that hangs on it, asked for field by field: at once it would be more than the limits allow. */
async function customer(id: string): Promise<Record<string, unknown>> {
  const whole: Record<string, unknown> = {};
  for (const field of customerFields) {
    const { seen } = await store.owner.data<{ seen: object }>(`query ($id: ID!) { seen: customer(id: $id) { ${field} } }`, { id });
    Object.assign(whole, seen);
  }
  return whole;
}

/** Both people, and the store's own lists and sums. */
async function wholeGraph(): Promise<Record<string, unknown>> {
  const lists = await store.owner.data<object>(
    `{ customers { totalCount nodes { id displayName } } found: customers(query: "merged") { nodes { id } }
      orders { nodes { id customer { id displayName } } } giftCards { nodes { id customer { id } } } }`,
  );
  return { ...lists, survivor: await customer(survivor.id), merged: await customer(merged.id) };
}

/** Somebody with something in each domain. */
async function person(firstName: string): Promise<{ id: string }> {
  const email = `${firstName.toLowerCase()}-${randomUUID()}@example.com`;
  const address = { firstName, lastName: 'Lovelace', line1: '1 Main Street', city: 'Athens', postalCode: '10431', country: 'GR' };
  const made = await store.customer({
    firstName,
    lastName: 'Lovelace',
    email,
    externalId: `external-${firstName}`,
    tags: [firstName],
    note: `About ${firstName}`,
    metadata: { [firstName]: true },
    addresses: [address],
    consents: [{ channel: 'EMAIL', purpose: 'MARKETING', given: true, evidence: { wording: 'Yes, please', url: 'https://example.com' } }],
  });
  await graph.settled();
  const order = await store.order({
    customerId: made.id,
    contact: { name: firstName, email },
    lines: [{ name: 'Lantern', quantity: 2, unitPrice: 1000 }],
  });
  await store.pay(order);
  await mutate('orderRefund', { ...key(), orderId: order.id, amount: 100, reason: 'GOODWILL' });
  await mutate('fulfillmentCreate', { ...key(), orderId: order.id, lines: [{ lineId: order.lines[0]?.id, quantity: 1 }] });
  await store.order({ customerId: made.id, lines: [{ name: 'Candle', quantity: 1, unitPrice: 300 }] });
  await mutate('giftCardIssue', { ...key(), amount: 5000, customerId: made.id });
  await graph.settled();
  return made;
}

beforeAll(async () => {
  graph = await graphHarness({ deadlineMs: 10_000 });
  store = await seedStore(graph);
  survivor = await person('Survivor');
  merged = await person('Merged');
}, 60_000);

describe('a merge that is taken back', () => {
  it('gives back the same graph, of both customers, in every domain', async () => {
    const before = await wholeGraph();
    const { merge } = await mutate<{ merge: { id: string } }>(
      'customerMerge',
      { ...key(), survivorId: survivor.id, mergedId: merged.id },
      'merge { id }',
    );
    await graph.settled();
    const between = await wholeGraph();
    expect(between['merged']).toEqual(between['survivor']);
    expect(between['survivor']).toMatchObject({
      id: survivor.id,
      orderCount: 4,
      giftCards: { nodes: [{ __typename: 'GiftCard' }, { __typename: 'GiftCard' }] },
    });
    expect(between['customers']).toMatchObject({ totalCount: 1 });

    await mutate('customerMergeUndo', { mergeId: merge.id });
    await graph.settled();
    expect(await wholeGraph()).toEqual(before);
  });
});
