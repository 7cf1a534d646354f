import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { buildSchema, getNamedType, isObjectType, type GraphQLObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { graphHarness, seedStore, type GraphHarness, type SeededStore } from '../src/graph.ts';

const schema = buildSchema(readFileSync(new URL('../../../gateway/schema.graphql', import.meta.url), 'utf8'));

interface Step {
  readonly on: string;
  readonly field: string;
}

/** The shortest way from Query to each object type. Types that only mutations give are tested with them. */
function ways(): Map<string, readonly Step[]> {
  const found = new Map<string, readonly Step[]>();
  const queue: { type: GraphQLObjectType; way: readonly Step[] }[] = [];
  const query = schema.getQueryType();
  if (query) queue.push({ type: query, way: [] });
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const field of Object.values(next.type.getFields())) {
      const type = getNamedType(field.type);
      if (!isObjectType(type) || found.has(type.name)) continue;
      const way = [...next.way, { on: next.type.name, field: field.name }];
      found.set(type.name, way);
      queue.push({ type, way });
    }
  }
  return found;
}

/** Every field of the type: leaves as they are, objects by their type's name. */
function everyField(typeName: string, argumentsOf: (place: string) => string): string {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object.`);
  return Object.values(type.getFields())
    .map(
      (field) =>
        `${field.name}${argumentsOf(`${typeName}.${field.name}`)}${isObjectType(getNamedType(field.type)) ? ' { __typename }' : ''}`,
    )
    .join(' ');
}

/** All objects that stand at the end of the way. */
function objectsAt(data: unknown, way: readonly Step[]): unknown[] {
  const [step, ...rest] = way;
  const list = (Array.isArray(data) ? data : [data]).filter((value) => typeof value === 'object' && value !== null);
  if (!step) return list;
  return list.flatMap((value: Record<string, unknown>) => objectsAt(value[step.field], rest));
}

describe('every field of the graph', () => {
  let graph: GraphHarness;
  let store: SeededStore;
  const given = new Map<string, string>();
  const argumentsOf = (place: string) => given.get(place) ?? '';

  beforeAll(async () => {
    graph = await graphHarness();
    store = await seedStore(graph);
    await store.apiKey(['customers:read']);
    const customer = await store.customer({
      email: 'ada@example.com',
      addresses: [{ line1: '1 High Street', city: 'Leeds', country: 'GB', defaultBilling: true, defaultShipping: true }],
    });
    const address = { name: 'Ada', line1: '1 High Street', city: 'Leeds', country: 'GB' };
    const order = await store.order({
      customerId: customer.id,
      discount: 100,
      tax: 50,
      shipping: 500,
      billingAddress: address,
      shippingAddress: address,
      contact: { name: 'Ada', email: 'ada@example.com' },
    });
    await store.pay(order);
    const lines = order.lines.map((line) => ({ lineId: line.id, quantity: 1 }));
    await run('OrderRefundInput', 'orderRefund', { orderId: order.id, lines, reason: 'GOODWILL', idempotencyKey: randomUUID() });
    await run('FulfillmentCreateInput', 'fulfillmentCreate', { orderId: order.id, lines, idempotencyKey: randomUUID() });
    await graph.settled();

    const { members } = await store.owner.data<{ members: { nodes: { id: string }[] } }>('{ members(first: 1) { nodes { id } } }');
    given.set('Query.customer', `(id: "${customer.id}")`);
    given.set('Query.customerByNumber', `(number: ${customer.number})`);
    given.set('Query.order', `(id: "${order.id}")`);
    given.set('Query.member', `(id: "${members.nodes[0]?.id ?? ''}")`);
    const today = new Date().toISOString().slice(0, 10);
    given.set('Store.orderMetrics', `(from: "${today}", to: "${today}")`);
  });

  async function run(inputType: string, mutation: string, input: Record<string, unknown>): Promise<void> {
    const document = `mutation ($input: ${inputType}!) { result: ${mutation}(input: $input) { userErrors { code field message } } }`;
    expect(await store.owner.data(document, { input })).toEqual({ result: { userErrors: [] } });
  }

  it.each([...ways()])('of %s resolves', async (typeName, way) => {
    const inner = way.reduceRight(
      (selection, step) => `${step.field}${argumentsOf(`${step.on}.${step.field}`)} { ${selection} }`,
      everyField(typeName, argumentsOf),
    );
    const answer = await store.owner.run(`{ ${inner} }`);
    expect(answer.errors).toBeUndefined();
    expect(objectsAt(answer.data, way)).not.toEqual([]);
  });
});
