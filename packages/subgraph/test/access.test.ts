import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { codes, fixtureHarness } from './fixture/runtime.ts';

const { ask, rows, storeId, agent } = await fixtureHarness();

const people = {
  system: identity.system(storeId),
  platform: identity.platform(storeId),
  agent,
  'agent without': identity.staff(storeId, ['customers:read']),
  key: identity.apiKey(storeId, ['orders:read', 'orders:write']),
  'key without': identity.apiKey(storeId, ['customers:read']),
  customer: identity.customer(storeId),
  anonymous: identity.anonymous(storeId),
};
type Person = keyof typeof people;

const staffed: Person[] = ['system', 'platform', 'agent', 'key'];
const allowed: Record<string, Person[]> = {
  open: Object.keys(people) as Person[],
  signedIn: [...staffed, 'agent without', 'key without', 'customer'],
  permitted: staffed,
  own: [...staffed, 'customer'],
  anybodys: [...staffed, 'customer', 'anonymous'],
  platform: ['system', 'platform'],
  internal: ['system'],
};

const cases = Object.keys(allowed).flatMap((field) => (Object.keys(people) as Person[]).map((person) => [field, person] as const));

describe('a root field', () => {
  it.each(cases)('%s answers %s only if its rule admits them', async (field, person) => {
    const answer = await ask(`{ ${field} }`, { identity: people[person] });
    if (allowed[field]?.includes(person)) expect(answer).toEqual({ data: { [field]: 'yes' } });
    else expect(codes(answer)).toEqual([person === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN']);
  });
});

describe('a mutation', () => {
  const create = 'mutation { noteCreate(input: { text: "made" }) { note { id } userErrors { code } } }';

  it.each(Object.keys(people) as Person[])('by %s does something only if its rule admits them', async (person) => {
    const before = (await rows()).length;
    const answer = await ask(create, { identity: people[person] });
    const admitted = staffed.includes(person);
    expect(codes(answer)).toEqual(admitted ? [] : [person === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN']);
    expect(await rows()).toHaveLength(before + (admitted ? 1 : 0));
  });
});

describe('an entity reference', () => {
  const entities =
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { __typename ... on Note { text secret } ... on Customer { id notes { text } } } }';
  const refer = (refs: object[], person: Person) => ask(entities, { identity: people[person], variables: { refs } });

  it('needs the right to the entity, and refuses one without taking the others with it', async () => {
    await ask('mutation { noteCreate(input: { text: "kept" }) { note { id } } }');
    const { data } = await ask('{ notes { id text } }');
    const note = (data?.['notes'] as { id: string; text: string }[]).find(({ text }) => text === 'kept');
    const customer = newId('cus');
    const refs = [
      { __typename: 'Note', id: note?.id },
      { __typename: 'Customer', id: customer },
      { __typename: 'Note', id: newId('nte') },
      { __typename: 'Note', id: 'malformed' },
    ];
    expect((await refer(refs, 'agent')).data).toEqual({
      _entities: [{ __typename: 'Note', text: 'kept', secret: null }, { __typename: 'Customer', id: customer, notes: [] }, null, null],
    });
    const asCustomer = await refer(refs, 'customer');
    expect(asCustomer.data).toEqual({ _entities: [null, { __typename: 'Customer', id: customer, notes: [] }, null, null] });
    expect(codes(asCustomer)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    for (const person of ['agent without', 'key without'] as const) {
      const answer = await refer(refs, person);
      expect(answer.data).toEqual({ _entities: [null, null, null, null] });
      expect(codes(answer)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    }
    expect(codes(await refer(refs, 'anonymous'))).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED']);
  });

  it("gives nothing of another store's entity: it answers as a missing one", async () => {
    const { data } = await ask('{ notes { id } }');
    const [note] = data?.['notes'] as { id: string }[];
    const answer = await ask(entities, {
      identity: identity.staff(newId('sto'), ['orders:read']),
      variables: { refs: [{ __typename: 'Note', id: note?.id }] },
    });
    expect(answer).toEqual({ data: { _entities: [null] } });
  });

  it('to a stub is not resolved, nor one to a type that is no entity', async () => {
    expect(codes(await refer([{ __typename: 'Stub', id: '1' }], 'system'))).toEqual(['BAD_REQUEST']);
    expect((await refer([{ __typename: 'Money', amount: 1 }], 'system')).data).toEqual({ _entities: [null] });
  });
});

describe('a guarded field', () => {
  it('is refused by itself, inside an entity that may be read', async () => {
    const answer = await ask('{ notes { text secret } }');
    const { notes } = answer.data as { notes: { secret: unknown }[] };
    expect(notes.every(({ secret }) => secret === null)).toBe(true);
    expect(new Set(codes(answer))).toEqual(new Set(['FORBIDDEN']));
  });
});
