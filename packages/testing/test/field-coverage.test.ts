import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import {
  astFromValue,
  buildSchema,
  getNamedType,
  isObjectType,
  isRequiredArgument,
  print,
  type GraphQLArgument,
  type GraphQLObjectType,
} from 'graphql';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestClient } from '../src/client.ts';
import { seedPlatformStaff } from '../src/graph.ts';
import { argumentsOf } from './walls/operations.ts';
import { openWorld, type Rows, type World } from './walls/world.ts';

const schema = buildSchema(readFileSync(new URL('../../../gateway/schema.graphql', import.meta.url), 'utf8'));

function objectType(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object.`);
  return type;
}

interface Step {
  readonly on: string;
  readonly field: string;
}

/** Who asks for it, where the owner of the store can't. */
const askedBy: Readonly<Record<string, 'platform' | 'shopper'>> = {
  stores: 'platform',
  jobs: 'platform',
  platformEmailLogs: 'platform',
  currentCustomer: 'shopper',
};

/** The shortest way from Query to each object type, over lists rather than one thing by its id. Types that only mutations give are tested with them. */
function ways(): Map<string, readonly Step[]> {
  const found = new Map<string, readonly Step[]>();
  const queue: { type: GraphQLObjectType; way: readonly Step[] }[] = [];
  const byArgument: typeof queue = [];
  const query = objectType('Query');
  queue.push({ type: query, way: [] });
  for (let next = queue.shift(); next; next = queue.shift() ?? byArgument.shift()) {
    if (found.has(next.type.name)) continue;
    found.set(next.type.name, next.way);
    for (const field of Object.values(next.type.getFields())) {
      const type = getNamedType(field.type);
      if (!isObjectType(type) || (next.type === query && askedBy[field.name] === 'shopper')) continue;
      const way = [...next.way, { on: next.type.name, field: field.name }];
      (field.args.some(isRequiredArgument) ? byArgument : queue).push({ type, way });
    }
  }
  found.delete('Query');
  return found;
}

/** Every field of the type: leaves as they are, objects by their type's name. */
function everyField(typeName: string, call: (on: string, field: string) => string): string {
  return Object.values(objectType(typeName).getFields())
    .map(({ name, type }) => `${call(typeName, name)}${isObjectType(getNamedType(type)) ? ' { __typename }' : ''}`)
    .join(' ');
}

function literals(args: readonly GraphQLArgument[], values: Record<string, unknown>): string {
  const given = args.map(({ name, type }) => {
    const value = astFromValue(values[name], type);
    if (!value) throw new Error(`No value of ${name}`);
    return `${name}: ${print(value)}`;
  });
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

/** All objects that stand at the end of the way. */
function objectsAt(data: unknown, way: readonly Step[]): unknown[] {
  const [step, ...rest] = way;
  const list = (Array.isArray(data) ? data : [data]).filter((value) => typeof value === 'object' && value !== null);
  if (!step) return list;
  return list.flatMap((value: Record<string, unknown>) => objectsAt(value[step.field], rest));
}

/**
 * What the owner can't see here: a program alone is a key, a merge that was undone is told of by the undoing alone, what is to be said later has not been
 * said, and mails to customers are looked at in messaging.
 */
const toldElsewhere = new Set(['Viewer.apiKey', 'CustomerMerge.undoneBy', 'ScheduledMessage.message', 'EmailLog.customer']);

/** Fields that ought to lead to another object, and do so from none of these. */
function leadingNowhere(typeName: string, objects: unknown[]): string[] {
  return Object.values(objectType(typeName).getFields())
    .filter(({ type }) => isObjectType(getNamedType(type)))
    .filter(({ name }) => objectsAt(objects, [{ on: typeName, field: name }]).length === 0)
    .map(({ name }) => `${typeName}.${name}`)
    .filter((place) => !toldElsewhere.has(place));
}

describe('the graph', () => {
  let world: World;
  let owner: TestClient;
  let platform: TestClient;
  let shopper: TestClient;
  let rows: Rows;
  const discountCode = 'WELCOME';
  const day = (fromNow: number) => new Date(Date.now() + fromNow * 24 * 60 * 60_000).toISOString().slice(0, 10);
  /** In place of what the rows have for it. */
  const given: Readonly<Record<string, () => Record<string, unknown>>> = {
    'Discount.code': () => ({ code: discountCode }),
    'Query.invitations': () => ({ statuses: ['PENDING', 'ACCEPTED'] }),
    'Store.orderMetrics': () => ({ from: day(-1), to: day(1) }),
    'Query.discountCheck': () => ({ input: { codes: [discountCode], lines: [{ quantity: 1, unitPrice: 1250 }] } }),
  };

  beforeAll(async () => {
    world = await openWorld();
    ({ owner } = world.a);
    rows = await world.a.rows();
    platform = await seedPlatformStaff(world.graph);
    shopper = (await world.a.shopper()).client;
    await profiled();
    await discounted();
    await checkedOut();
    await orderedTwice();
    await edited();
    await programmed();
    await imported();
    await invitedElsewhere();
    await talked();
    await world.graph.settled();
  });

  const address = { line1: '1 High Street', city: 'Leeds', country: 'GB' };
  const key = () => ({ idempotencyKey: randomUUID() });

  /** A customer of whom all is known. */
  async function profiled(): Promise<void> {
    await world.a.customer({
      phone: '+442071234567',
      country: 'GB',
      language: 'en',
      timezone: 'Europe/London',
      birthDate: '1990-12-10',
      gender: 'FEMALE',
      note: 'Difficult',
      tags: ['vip'],
      addresses: [{ ...address, label: 'Home', defaultBilling: true, defaultShipping: true }],
    });
  }

  /** A discount of an amount, with a code by name, one for one customer alone, and a batch of others. */
  async function discounted(): Promise<void> {
    const input = {
      title: 'Welcome',
      method: 'CODE',
      kind: 'FIXED_AMOUNT',
      amounts: [{ currency: 'EUR', amount: 100, minimumSubtotal: 500, maximum: 100 }],
      code: discountCode,
    };
    const { discount } = await run<{ discount: { id: string } }>('discountCreate', input, 'discount { id }');
    await run('discountCodeBatchCreate', { ...key(), discountId: discount.id, count: 2 });
    await run('discountCodeCreate', { discountId: discount.id, code: 'FOR-ADA', customerId: rows['customerId'] });
  }

  /** A cart whose goods have a price no more, and one that has been bought. */
  async function checkedOut(): Promise<void> {
    await world.graph.admin('update orders.cart_lines set offer_expires_at = now()');
    const { cart } = await run<{ cart: { id: string } }>('cartCreate', { currency: 'EUR' }, 'cart { id }');
    const cartId = cart.id;
    await run('cartLineAdd', { cartId, offer: rows['offer'] });
    await run('cartUpdate', { cartId, contact: { email: 'ada@example.com' }, billingAddress: address, shippingAddress: address });
    await run('cartDiscountCodesSet', { cartId, codes: [discountCode] });
    await run('cartCheckout', { ...key(), cartId, expectedTotal: 1150, giftCardCodes: [rows['giftCardCode']] });
  }

  async function orderedTwice(): Promise<void> {
    const { id: customerId } = await world.a.customer();
    await world.a.order({ customerId });
    await world.a.order({ customerId });
  }

  async function edited(): Promise<void> {
    const { id: orderId, lines } = await world.a.order();
    await run('orderEdit', { ...key(), orderId, expectedVersion: 1, setLines: [{ lineId: lines[0]?.id, quantity: 1 }] });
  }

  /** What a program has done stands among the deeds. */
  async function programmed(): Promise<void> {
    const program = await world.a.apiKey(['customers:write']);
    await run('customerCreate', { firstName: 'Grace' }, '', program);
  }

  /** A file of which a row is refused. */
  async function imported(): Promise<void> {
    const { import: opened } = await run<{ import: { id: string; uploadUrl: string } }>(
      'customerImportCreate',
      { ...key(), onExisting: 'SKIP' },
      'import { id uploadUrl }',
    );
    await fetch(`${world.graph.url}${opened.uploadUrl}`, { method: 'PUT', body: 'first_name,country\nAda,XX\n' });
    await vi.waitFor(
      async () =>
        expect(await owner.data('query ($id: ID!) { customerImport(id: $id) { status rejected } }', { id: opened.id })).toEqual({
          customerImport: { status: 'DONE', rejected: 1 },
        }),
      { timeout: 30_000, interval: 100 },
    );
  }

  /** The owner's verified address has an invitation to another store. */
  async function invitedElsewhere(): Promise<void> {
    const { email } = world.a.credentials;
    const { roles } = await world.b.owner.data<{ roles: { id: string }[] }>('{ roles { id } }');
    await run('invitationCreate', { email, roleId: roles[0]?.id }, '', world.b.owner);
    await world.graph.admin('update accounts.users set email_verified_at = now() where email = $1', [email]);
  }

  /** A conversation with an owner, a note, an answer and a correction, and one that went over into another. */
  async function talked(): Promise<void> {
    const customerId = rows['customerId'];
    const start = async () => {
      const input = { ...key(), type: 'STORE_CUSTOMER', customerId, content: 'Good morning.' };
      const selection = 'conversation { id messages(first: 1) { nodes { id } } }';
      const { conversation } = await run<{ conversation: { id: string; messages: { nodes: { id: string }[] } } }>(
        'conversationStart',
        input,
        selection,
      );
      return { id: conversation.id, messageId: conversation.messages.nodes[0]?.id };
    };
    const assigneeId = rows['userId'];
    const { id: conversationId, messageId } = await start();
    await run('conversationAssign', { conversationId, assigneeId });
    const note = { conversationId, clientId: randomUUID(), content: 'Careful.', internal: true, mentionIds: [assigneeId] };
    await run('messageSend', note);
    await run('messageSend', { conversationId, clientId: randomUUID(), content: 'And?', replyToId: messageId });
    await run('messageEdit', { messageId, content: 'Good evening.' });
    await run('messageSchedule', {
      ...key(),
      conversationId,
      content: 'Good night.',
      sendAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await run('conversationMerge', { conversationId: (await start()).id, intoId: conversationId });
    const { id: closed } = await start();
    await run('conversationClose', { conversationId: closed });
  }

  async function run<Payload>(mutation: string, input: Record<string, unknown>, selection = '', client = owner): Promise<Payload> {
    const inputType = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const { result } = await client.data<{ result: Payload & { userErrors: unknown[] } }>(
      `mutation ($input: ${inputType}!) { result: ${mutation}(input: $input) { ${selection} userErrors { code field message } } }`,
      { input },
    );
    expect(result.userErrors, mutation).toEqual([]);
    return result;
  }

  function call(on: string, name: string): string {
    const field = objectType(on).getFields()[name];
    if (!field) throw new Error(`No ${on}.${name}`);
    const values = given[`${on}.${name}`]?.();
    const needed = field.args.filter((argument) => (values ? argument.name in values : isRequiredArgument(argument)));
    return `${name}${literals(needed, values ?? argumentsOf(field, rows))}`;
  }

  const asking = (root: string): TestClient => ({ platform, shopper, owner })[askedBy[root] ?? 'owner'];

  it.each(Object.values(objectType('Query').getFields()))('Query.$name resolves', async ({ name, type }) => {
    const data = await asking(name).data(`{ ${call('Query', name)}${isObjectType(getNamedType(type)) ? ' { __typename }' : ''} }`);
    expect(data[name] ?? null).not.toBeNull();
  });

  it.each([...ways()])('every field of %s resolves', async (typeName, way) => {
    const inner = way.reduceRight((selection, { on, field }) => `${call(on, field)} { ${selection} }`, everyField(typeName, call));
    const answer = await asking(way[0]?.field ?? '').run(`{ ${inner} }`);
    expect(answer.errors).toBeUndefined();
    const objects = objectsAt(answer.data, way);
    expect(objects).not.toEqual([]);
    expect(leadingNowhere(typeName, objects)).toEqual([]);
  });
});
