import { roleGrants } from '@storegraph/auth';
import { newId, parseId, toUuid } from '@storegraph/core';
import type { FormattedExecutionResult } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { identity } from '../../src/identities.ts';
import { accessMatrix, agentMay } from './access-matrix.ts';
import { digest } from './digest.ts';
import { people, refusalOf } from './people.ts';
import { declaredAccess, domains } from './sdl.ts';
import { everybodys, rowsOf, targets, type Target } from './targets.ts';
import { missing, openWorld, withoutIds, type Rows, type World } from './world.ts';

let world: World;
let untouched: Rows;
let foreignRows: Rows;
beforeAll(async () => {
  world = await openWorld();
  [untouched, foreignRows] = [await world.a.rows(), await world.b.rows()];
  await world.graph.settled();
});

let prepared: { readonly place: string; readonly rows: Rows } | undefined;

/** The rows that a place is asked about, when all is quiet: for a mutation new ones of those that it may use up. */
async function rowsFor(target: Target): Promise<Rows> {
  if (!target.isMutation) return untouched;
  if (prepared?.place !== target.place) {
    prepared = { place: target.place, rows: { ...untouched, ...(await world.a.rows(rowsOf(target, untouched))) } };
    await world.graph.settled();
  }
  return prepared.rows;
}

/** These do not even learn that the row is there: what they see of it is nothing, guarded or not. */
const blind = new Set(['a visitor of no store', 'another customer']);
const sawNothing = /^\{"data":\{("_entities":\[null\]|"\w+":\{"nodes":\[\]\})\}\}$/;

const codes = (answer: FormattedExecutionResult) => [...new Set((answer.errors ?? []).map((error) => error.extensions?.['code']))];
const places = (answer: FormattedExecutionResult) => [
  ...new Set((answer.errors ?? []).map((error) => (error.path ?? []).filter((step) => typeof step === 'string').join('.'))),
];

/** The errors that a mutation of a well-formed request about rows that are there never has. */
const misread = new Set(['REQUIRED', 'INVALID', 'TOO_LONG', 'NOT_FOUND']);
/** An invitation is there for the one who was invited, and not even for the owner of the store. */
const someonesOwn = new Set(['Mutation.customerPasswordChange', 'Mutation.invitationAccept']);
const userErrorCodes = (answer: FormattedExecutionResult) =>
  [...JSON.stringify(answer.data).matchAll(/"code":"(\w+)"/g)].map(([, code]) => code);

describe('the matrix', () => {
  it.each(domains.map(({ name }) => name))('of %s says what its SDL says', (domain) => {
    expect(declaredAccess(domain)).toEqual(accessMatrix[domain]);
  });

  it('has every root field and every entity of every domain', () => {
    for (const { name, schema, owns } of domains) {
      const known = accessMatrix[name] ?? {};
      const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
        Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
      );
      const reachable = roots.filter((place) => !['Query._service', 'Query._entities'].includes(place));
      expect(reachable.filter((place) => !(place in known))).toEqual([]);
      expect(owns.filter((entity) => !(entity in known))).toEqual([]);
    }
  });

  it('knows what an agent may do', () => {
    expect(roleGrants.AGENT).toEqual(agentMay);
  });
});

const named = (isMutation: boolean) =>
  targets()
    .filter((target) => target.isMutation === isMutation)
    .map((target) => [`${target.domain} ${target.place}`, target] as const);

async function refusesWhoeverMayNot(target: Target): Promise<void> {
  const rows = await rowsFor(target);
  const { a, as } = world;
  const refused = Object.entries(people(a, rows, target.rules)).filter(([, who]) => refusalOf(target.rules, who) !== null);
  for (const [name, who] of refused) {
    const { query, variables, path } = target.operation(rows);
    const answer = await as(target.domain, who).run(query, variables);
    if (blind.has(name) && sawNothing.test(JSON.stringify(answer))) continue;
    expect(codes(answer), name).toEqual([refusalOf(target.rules, who)]);
    const asked = path.filter((step) => typeof step === 'string').join('.');
    for (const place of places(answer)) expect(asked.startsWith(place), `${name}: ${place}`).toBe(true);
    if (path.length === 1) expect(Object.values(answer.data ?? {}), name).toEqual(answer.data ? [null] : []);
  }
  const open = target.rules.every((rule) => rule === 'public');
  expect(refused.length > 0).toBe(!open);
}

async function answersStrangersAsAboutNothing(target: Target): Promise<void> {
  const rows = await rowsFor(target);
  const { a, b, as } = world;
  const foreign = target.operation(rows);
  const absent = target.operation(missing(rows));
  const strangers = { 'the other owner': b.ownerIdentity, 'another customer': identity.customer(a.ownerIdentity.storeId ?? 'sto_') };
  for (const [name, who] of Object.entries(strangers)) {
    if (name === 'another customer' && (target.domain === 'accounts' || isLogIn(target) || refusalOf(target.rules, who) !== null)) continue;
    if (waitsInVain(target, name)) continue;
    const client = as(target.domain, who);
    // At once, for some of them wait a while for what may be on its way.
    const [there, nowhere] = await Promise.all([foreign, absent].map(({ query, variables }) => client.run(query, variables)));
    if (everybodys.has(target.place)) continue;
    if (namesRows(foreign.variables)) expect(withoutIds(there), name).toBe(withoutIds(nowhere));
    if (who === b.ownerIdentity)
      for (const id of Object.values(rows)) expect(leaked(there, foreign.variables, id), `${name}: ${id}`).toBe(false);
  }
}

async function letsInWhoeverMay(target: Target): Promise<void> {
  const rows = await rowsFor(target);
  const { a, as } = world;
  for (const [name, who] of Object.entries(people(a, rows, target.rules))) {
    if (refusalOf(target.rules, who) !== null || waitsInVain(target, name)) continue;
    const { query, variables } = target.operation(rows);
    const answer = await as(target.domain, who).run(query, variables);
    expect(answer.errors ?? [], name).toEqual([]);
    // The first to try: later ones may find the order cancelled or the address removed already.
    if (name === 'owner' && !target.rules.includes('public') && !someonesOwn.has(target.place))
      expect(userErrorCodes(answer).filter((code) => misread.has(code ?? ''))).toEqual([]);
    if ((name === 'owner' || name === 'the customer') && !target.isMutation && !target.rules.includes('public'))
      expect(JSON.stringify(answer.data), `${name} sees it`).not.toMatch(/^\{"\w+":(null|\[null\])\}$/);
  }
}

const storeOfA = () => toUuid(parseId('sto', world.a.id) ?? 'sto_');

// A digest reads every row there is. Questions change nothing, so that one before them all and one behind are enough.
describe('questions', () => {
  let before: Record<string, string>;
  beforeAll(async () => {
    before = await digest(world.graph, storeOfA());
  });

  describe.each(named(false))('%s', (_, target) => {
    it('refuses whoever may not with its code', () => refusesWhoeverMayNot(target));

    it("answers another store's owner, and another customer, exactly as about a row that is not there", () =>
      answersStrangersAsAboutNothing(target));
  });

  it('of those who may not, and of strangers, have changed nothing', async () => {
    await world.graph.settled();
    expect(await digest(world.graph, storeOfA())).toEqual(before);
  });
});

describe.each(named(false))('%s', (_, target) => {
  it('lets in whoever may', () => letsInWhoeverMay(target));
});

describe.each(named(true))('%s', (_, target) => {
  it('refuses whoever may not with its code, and then nothing has happened', async () => {
    await rowsFor(target);
    const before = await digest(world.graph);
    await refusesWhoeverMayNot(target);
    expect(await digest(world.graph)).toEqual(before);
  });

  it("answers another store's owner, and another customer, exactly as about a row that is not there", async () => {
    await rowsFor(target);
    const before = await digest(world.graph, storeOfA());
    await answersStrangersAsAboutNothing(target);
    await world.graph.settled();
    expect(await digest(world.graph, storeOfA())).toEqual(before);
  });

  it('lets in whoever may', () => letsInWhoeverMay(target));
});

const entities = domains.flatMap(({ name }) =>
  Object.keys(accessMatrix[name] ?? {})
    .filter((place) => !place.includes('.') && !everybodys.has(place))
    .map((entity) => [name, entity] as const),
);

it.each(entities)('%s answers for %s in a list of own and foreign ids as for each alone', async (domain, entity) => {
  const name = `${entity.charAt(0).toLowerCase()}${entity.slice(1)}Id`;
  const ids = [
    untouched[name],
    foreignRows[name],
    missing(foreignRows)[name],
    newId('zzz'),
    'nonsense',
    'a\u0000b',
    'x'.repeat(10_000),
    untouched[name],
  ];
  const query = `query ($list: [_Any!]!) { _entities(representations: $list) { __typename ... on ${entity} { id } } }`;
  const client = world.as(domain, world.a.ownerIdentity);
  const answer = await client.run<{ _entities: unknown[] }>(query, { list: ids.map((id) => ({ __typename: entity, id })) });
  const own = { __typename: entity, id: untouched[name] };
  const [first, theirs, absent, ...malformed] = answer.data?._entities ?? [];
  expect([answer.errors ?? [], first, malformed.pop()]).toEqual([[], own, own]);
  expect(withoutIds(theirs)).toBe(withoutIds(absent));
  // What others add to a customer is looked up by the id that was asked about; it is the customer's own domain that says whether there is one.
  const known = domain !== 'customers' && entity === 'Customer';
  for (const found of known ? [] : [theirs, absent, ...malformed]) expect(found).toBeNull();
});

/** Whoever has no orders and no conversation is let in, and told nothing. */
const waitsInVain = ({ place }: Target, name: string) => place.startsWith('Subscription.') && name === 'another customer';

/** To sign up and log in is about nobody's row, and leaves its traces in the store: a shopper of it who does so changes it. */
const isLogIn = ({ domain, isMutation, rules }: Target) =>
  domain === 'customers' && isMutation && rules.every((rule) => rule === 'public' || rule === 'authenticated');

const namesRows = (variables: object) => /"[a-z]{3}_[0-9a-z]{26}"/.test(JSON.stringify(variables));

/** Whether the answer tells an id that the question did not. */
function leaked(answer: unknown, variables: object, id: string): boolean {
  return id.includes('_') && JSON.stringify(answer).includes(id) && !JSON.stringify(variables).includes(id);
}
