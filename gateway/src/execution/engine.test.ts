import { composeServices } from '@apollo/composition';
import { anonymous, type Identity } from '@storegraph/auth';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { answerText, type FetchAnswer, type OperationAnswer } from './engine.ts';
import { createEngine } from './in-place.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@shareable"])';

const shop = {
  people:
    'type Query { people(size: Int): [Person] person: Person } type Mutation { rename: Person renameAgain: Person } type Subscription { renamed: Person } type Person @key(fields: "id") { id: ID! name: String! }',
  posts:
    'type Post { title: String! author: Person! rank: Rank } enum Rank { LOW HIGH } type Person @key(fields: "id") { id: ID! posts: [Post!] friend: Person }',
};

type Entity = Record<string, unknown>;
type Answer = (variables: { representations?: Entity[] }) => FetchAnswer | Promise<FetchAnswer>;

const data = (given: Entity): FetchAnswer => ({ data: given, errors: [] });
const person = (id: string) => ({ __typename: 'Person', id });

const callerOf = (identity: Identity = anonymous()) => ({ identity, requestId: 'r', ip: null, userAgent: null, traceparent: null });

/** An engine whose subgraphs answer as they are told, and which remembers what they were asked. */
function engineOf(answers: Record<string, Answer>, options: { cachedOperations?: number } = {}) {
  const asked: { subgraph: string; representations: number | undefined; signal: AbortSignal | undefined }[] = [];
  const services = Object.entries(shop).map(([name, sdl]) => ({ name, url: `http://${name}`, typeDefs: parse(`${link} ${sdl}`) }));
  const { supergraphSdl = '' } = composeServices(services);
  const engine = createEngine(supergraphSdl, {
    ...options,
    maxEvaluatedPlans: 100,
    call: async (subgraph, { variables, representations }, _caller, signal) => {
      asked.push({ subgraph, representations, signal });
      return (await answers[subgraph]?.(variables)) ?? data({});
    },
  });
  interface Options {
    readonly variables?: Entity;
    readonly identity?: Identity;
    readonly signal?: AbortSignal;
  }
  /** Resolves when it is planned, and being executed. */
  const begin = async (query: string, { variables = {}, identity, signal }: Options = {}) => {
    const operation = await engine.operation(parse(query), null);
    return { answer: operation.execute({ variables, caller: callerOf(identity), signal }) };
  };
  const ask = async (query: string, how?: Options) => (await begin(query, how)).answer;
  return { engine, begin, ask, asked, calls: () => asked.map(({ subgraph, representations }) => [subgraph, representations]) };
}

const read = ({ data: text }: OperationAnswer): unknown => (text === undefined ? undefined : JSON.parse(text));

const posts: Answer = ({ representations = [] }) =>
  data({
    _entities: representations.map(({ id }) => ({
      posts: [{ title: `of ${String(id)}`, author: { ...person('9'), posts: [{ title: 'of 9' }] } }],
      friend: person('1'),
    })),
  });
const named: Answer = ({ representations = [] }) => data({ _entities: representations.map(({ id }) => ({ name: `n${String(id)}` })) });

it('an entity that stands at many places is asked for once, filled at each, and its text is written from memory', async () => {
  const people = ['1', '2', '1', '3', '1'];
  const { ask, calls } = engineOf({
    people: (variables) => (variables.representations ? named(variables) : data({ people: people.map(person) })),
    posts,
  });
  const answer = await ask('{ people { id posts { title author { name posts { title } } } } }');
  expect(calls()).toEqual([
    ['people', undefined],
    ['posts', 3],
    ['people', 1],
  ]);
  expect(read(answer)).toEqual({
    people: people.map((id) => ({ id, posts: [{ title: `of ${id}`, author: { name: 'n9', posts: [{ title: 'of 9' }] } }] })),
  });
  // Five people, each with a post, its author and the author's post: those that are shared count at each place.
  expect(answer.objects).toBe(20);
});

it('an error of an entity is told at each place where it stands, and at no place that the client did not ask for', async () => {
  const { ask } = engineOf({
    people: () => data({ all: [person('1'), person('2'), person('1')] }),
    posts: () => ({
      data: { _entities: [null, { posts: [] }] },
      errors: [{ message: 'gone', path: ['_entities', 0, 'posts'], extensions: { code: 'X' } }],
    }),
  });
  const { errors } = await ask('{ all: people { posts { title } } }');
  const extensions = { code: 'X', serviceName: 'posts' };
  expect(errors).toEqual([0, 2].map((index) => ({ message: 'gone', path: ['all', index, 'posts'], extensions })));
});

it('a null that may not be takes its holder along, silently where a fetch has said why', async () => {
  const { ask } = engineOf({
    people: () =>
      data({
        people: [
          { __typename: 'Person', id: '1', name: null },
          { __typename: 'Person', id: '2', name: 'b' },
        ],
      }),
  });
  const silent = await ask('{ people { id name } }');
  expect(silent.data).toBe('{"people":[null,{"id":"2","name":"b"}]}');
  expect(silent.errors).toMatchObject([{ path: ['people', 0, 'name'], extensions: { code: 'INTERNAL' } }]);
  expect(silent.objects).toBe(1);
  const loud = engineOf({
    people: () => ({ data: { people: [{ name: null }] }, errors: [{ message: 'm', path: ['people', 0, 'name'] }] }),
  });
  expect((await loud.ask('{ people { name } }')).errors).toMatchObject([{ message: 'm', path: ['people', 0, 'name'] }]);
});

it('a value that is none of its type is null, with its path', async () => {
  const { ask } = engineOf({
    people: () => data({ person: person('1') }),
    posts: () =>
      data({
        _entities: [
          {
            posts: [
              { title: 'a', rank: 'MIDDLE' },
              { title: 'b', rank: 'LOW' },
            ],
          },
        ],
      }),
  });
  const answer = await ask('{ person { posts { title rank } } }');
  expect(answer.data).toBe('{"person":{"posts":[{"title":"a","rank":null},{"title":"b","rank":"LOW"}]}}');
  expect(answer.errors.map(({ path }) => path)).toEqual([['person', 'posts', 0, 'rank']]);
});

it('keys that every object inherits are keys like others', async () => {
  const { ask } = engineOf({
    people: () => data(JSON.parse('{"constructor":{"__typename":"Person","id":"1","__proto__":"p","toString":"t"}}') as Entity),
    posts: () => data({ _entities: [JSON.parse('{"valueOf":[{"__proto__":"x"}]}') as Entity] }),
  });
  const { data: text } = await ask(
    '{ constructor: person { __proto__: name toString: name valueOf: posts { __proto__: title } hasOwnProperty: id } }',
  );
  expect(text).toBe('{"constructor":null}');
  const whole = engineOf({
    people: () =>
      data(JSON.parse('{"constructor":{"__typename":"Person","id":"1","__proto__":"p","toString":"t","hasOwnProperty":"1"}}') as Entity),
    posts: () => data({ _entities: [JSON.parse('{"valueOf":[{"__proto__":"x"}]}') as Entity] }),
  });
  expect(
    (await whole.ask('{ constructor: person { __proto__: name toString: name valueOf: posts { __proto__: title } hasOwnProperty: id } }'))
      .data,
  ).toBe('{"constructor":{"__proto__":"p","toString":"t","valueOf":[{"__proto__":"x"}],"hasOwnProperty":"1"}}');
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});

it('selections come and go with their variables; bad variables are answered, not executed', async () => {
  const { ask, calls } = engineOf({ people: () => data({ person: { __typename: 'Person', id: '1', name: 'a' } }), posts });
  const query =
    'query ($yes: Boolean! = true, $no: Boolean!) { person { id @include(if: $yes) name @skip(if: $no) ... @include(if: $no) { posts { title } } } }';
  expect(read(await ask(query, { variables: { no: false } }))).toEqual({ person: { id: '1', name: 'a' } });
  expect(read(await ask(query, { variables: { no: true, yes: false } }))).toEqual({ person: { posts: [{ title: 'of 1' }] } });
  expect(calls()).toEqual([
    ['people', undefined],
    ['people', undefined],
    ['posts', 1],
  ]);
  const bad = await ask(query, { variables: { no: 'x' } });
  expect([bad.data, bad.errors.map(({ extensions }) => extensions?.['code'])]).toEqual([undefined, ['BAD_USER_INPUT']]);
  expect(calls()).toHaveLength(3);
});

it('introspection is answered beside data, in its place', async () => {
  const { ask, calls } = engineOf({ people: () => data({ person: person('1') }) });
  const answer = await ask(
    'query ($name: String = "Rank") { kind: __typename t: __type(name: $name) { enumValues { name } } person { id __typename } }',
  );
  expect(answer.data).toBe(
    '{"kind":"Query","t":{"enumValues":[{"name":"LOW"},{"name":"HIGH"}]},"person":{"id":"1","__typename":"Person"}}',
  );
  expect(calls()).toEqual([['people', undefined]]);
});

it('equal reads of one identity share one call, those of another do not, and what one does with its answer stays its own', async () => {
  const release = Promise.withResolvers<FetchAnswer>();
  const { ask, calls } = engineOf({ people: () => release.promise, posts });
  const [mine, yours] = [anonymous(), anonymous()];
  const query = '{ person { id posts { title } } }';
  const answers = [ask(query, { identity: mine }), ask(query, { identity: mine }), ask(query, { identity: yours })];
  release.resolve(data({ person: person('1') }));
  for (const answer of await Promise.all(answers)) expect(read(answer)).toEqual({ person: { id: '1', posts: [{ title: 'of 1' }] } });
  expect(calls().filter(([name]) => name === 'people')).toHaveLength(2);
});

it('a read joins no other that began before a mutation ended', async () => {
  const slow = Promise.withResolvers<FetchAnswer>();
  let version = 0;
  const { begin, ask, calls } = engineOf({
    people: () => (version === 0 ? slow.promise : data({ person: { id: `v${version}` }, rename: { id: 'done' } })),
  });
  const identity = anonymous();
  const { answer: early } = await begin('{ person { id } }', { identity });
  version = 1;
  expect(read(await ask('mutation { rename { id } }', { identity }))).toEqual({ rename: { id: 'done' } });
  expect(read(await ask('{ person { id } }', { identity }))).toEqual({ person: { id: 'v1' } });
  slow.resolve(data({ person: { id: 'v0' } }));
  expect(read(await early)).toEqual({ person: { id: 'v0' } });
  expect(calls()).toHaveLength(3);
});

it('whoever reads because of an event joins nothing that began before it', async () => {
  const slow = Promise.withResolvers<FetchAnswer>();
  let version = 0;
  const { engine, begin, ask } = engineOf({ people: () => (version === 0 ? slow.promise : data({ person: { id: 'v1' } })) });
  const identity = anonymous();
  const { answer: early } = await begin('{ person { id } }', { identity });
  version = 1;
  const { subscription } = await engine.operation(parse('subscription { renamed { id } }'), null);
  const event = await subscription?.answer({ data: { renamed: { id: 'v1' } } }, { variables: {}, caller: callerOf() });
  expect(event?.data).toBe('{"renamed":{"id":"v1"}}');
  expect(read(await ask('{ person { id } }', { identity }))).toEqual({ person: { id: 'v1' } });
  slow.resolve(data({ person: { id: 'v0' } }));
  expect(read(await early)).toEqual({ person: { id: 'v0' } });
});

it('when the caller goes, what it alone waits for is aborted, and nothing further begins', async () => {
  const never = new Promise<FetchAnswer>(() => undefined);
  const { begin, asked } = engineOf({ people: () => never, posts });
  const identity = anonymous();
  const [first, second] = [new AbortController(), new AbortController()];
  const query = '{ person { posts { title } } }';
  const one = await begin(query, { identity, signal: first.signal });
  const other = await begin(query, { identity, signal: second.signal });
  first.abort();
  expect((await one.answer).data).toBeUndefined();
  expect(asked.map(({ signal }) => signal?.aborted)).toEqual([false]);
  second.abort();
  expect((await other.answer).data).toBeUndefined();
  expect(asked.map(({ subgraph, signal }) => [subgraph, signal?.aborted])).toEqual([['people', true]]);
});

it('operations are known by what they say, the oldest are forgotten, and the hottest can be named', async () => {
  const { engine } = engineOf({}, { cachedOperations: 2 });
  const compiled = (query: string, name: string | null = null) => engine.operation(parse(query), name);
  const spread = await compiled('query A { ...f } query B { person { name } } fragment f on Query { person { id } }', 'A');
  expect(await compiled('fragment f on Query{person{id}} query A{...f} # same')).toBe(spread);
  const other = await compiled('{ person { name } }');
  expect(engine.hottest(1)).toMatchObject([{ operationName: 'A' }]);
  expect(engine.hottest(1)[0]?.document.definitions).toHaveLength(2);
  await compiled('{ people { id } }');
  expect(await compiled('{ person { name } }')).toBe(other);
  expect(await compiled('query A { ...f } fragment f on Query { person { id } }', 'A')).not.toBe(spread);
  await expect(compiled('query A { person { id } }', 'B')).rejects.toMatchObject({ extensions: { code: 'BAD_REQUEST' } });
});

it('each entity is read as often in an answer of ten times the size: once for each fetch', async () => {
  const readsFor = async (size: number) => {
    let reads = 0;
    const counted = (index: number) => {
      const id = String(index);
      return {
        __typename: 'Person',
        get id() {
          reads += 1;
          return id;
        },
      };
    };
    const { ask, calls } = engineOf({ people: () => data({ people: Array.from({ length: size }, (_, index) => counted(index)) }), posts });
    await ask('{ people { id posts { title } } }');
    expect(calls()).toEqual([
      ['people', undefined],
      ['posts', size],
    ]);
    return reads / size;
  };
  expect(await readsFor(1_000)).toBe(await readsFor(100));
});

it('a subgraph that is not reached costs its fields, at each place', async () => {
  const { ask } = engineOf({
    people: () => data({ people: [person('1'), person('2')] }),
    posts: () => Promise.reject(new Error('down')),
  });
  const answer = await ask('{ people { id posts { title } } }');
  expect(read(answer)).toEqual({
    people: [
      { id: '1', posts: null },
      { id: '2', posts: null },
    ],
  });
  expect(answer.errors.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([
    [['people', 0, 'posts'], 'SUBGRAPH_UNAVAILABLE'],
    [['people', 1, 'posts'], 'SUBGRAPH_UNAVAILABLE'],
  ]);
});

it('a call that throws at once is a subgraph that is not reached, also for those who come after', async () => {
  const { supergraphSdl = '' } = composeServices([{ name: 'people', url: 'http://people', typeDefs: parse(`${link} ${shop.people}`) }]);
  const engine = createEngine(supergraphSdl, {
    maxEvaluatedPlans: 1,
    call: () => {
      throw new Error('no transport');
    },
  });
  const call = { variables: {}, caller: callerOf() };
  const operation = await engine.operation(parse('{ person { id } }'), null);
  for (let time = 0; time < 2; time += 1)
    expect((await operation.execute(call)).errors).toMatchObject([{ path: ['person'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
});

it('no other field can be asked for as "__typename"', async () => {
  const { engine } = engineOf({});
  for (const query of [
    '{ person { __typename: name } }',
    '{ __typename: person { id } }',
    '{ ...f } fragment f on Query { person { __typename: id name } }',
  ])
    await expect(engine.operation(parse(query), null)).rejects.toThrow('"__typename" can not stand for another field.');
  await engine.operation(parse('{ person { __typename: __typename } }'), null);
});

it('an error that points to nothing that was asked for is told without a path', async () => {
  const { ask } = engineOf({
    people: () => data({ person: person('1') }),
    posts: () => ({ data: { _entities: [{ posts: null }] }, errors: [{ message: 'm', path: ['_entities', 7, 'posts'] }] }),
  });
  const extensions = { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'posts' };
  expect((await ask('{ person { posts { title } } }')).errors).toEqual([{ message: 'm', extensions }]);
});

it('an operation that is too large to be kept is executed all the same', async () => {
  const { engine, ask } = engineOf({ people: () => data({ person: person('1') }) });
  const query = `{ person { id${' id'.repeat(5)} } ${Array.from({ length: 400 }, (_, index) => `a${index}${'x'.repeat(7_000)}: person { id }`).join(' ')} }`;
  expect(read(await ask(query))).toMatchObject({ person: { id: '1' } });
  expect(engine.hottest(10)).toEqual([]);
});

/** An engine over two subgraphs in which everybody knows the same thirty people, so that an answer grows thirtyfold with each step. */
function crowd(friends: Answer = () => data({})) {
  const people = () => Array.from({ length: 30 }, (_, index) => person(String(index)));
  const known = ({ representations = [] }: { representations?: Entity[] }) =>
    data({ _entities: representations.map(() => ({ xs: people().map((each) => ({ ...each, rank: 'MIDDLE' })), ys: people() })) });
  const { supergraphSdl = '' } = composeServices(
    [
      ['one', 'type Query { people: [Person] } enum Rank { LOW } type Person @key(fields: "id") { id: ID! xs: [Person] rank: Rank }'],
      ['two', 'type Person @key(fields: "id") { id: ID! ys: [Person] }'],
      ['three', 'type Person @key(fields: "id") { id: ID! friends: [Person] }'],
    ].map(([name = '', sdl = '']) => ({ name, url: `http://${name}`, typeDefs: parse(`${link} ${sdl}`) })),
  );
  const engine = createEngine(supergraphSdl, {
    maxEvaluatedPlans: 100,
    call: async (subgraph, { variables, representations }) => {
      if (subgraph === 'three') return friends(variables);
      return representations === undefined ? data({ people: people().map((each) => ({ ...each, xs: people() })) }) : known(variables);
    },
  });
  const caller = callerOf();
  return async (query: string) => (await engine.operation(parse(query), null)).execute({ variables: {}, caller });
}

it('an answer that would repeat what it has without end is refused', async () => {
  const ask = crowd();
  expect((await ask('{ people { xs { ys { id } } } }')).objects).toBe(30 + 30 ** 2 + 30 ** 3);
  await expect(ask('{ people { xs { ys { xs { ys { xs { ys { id } } } } } } } }')).rejects.toMatchObject({
    extensions: { code: 'BAD_REQUEST', limit: 'answer' },
  });
});

it('of what fails at millions of places a hundred are told, and the others not looked for', async () => {
  const ask = crowd(() => ({ data: null, errors: [{ message: 'm', extensions: { code: 'X' } }] }));
  for (const [field, selection] of Object.entries({ friends: 'friends { id }', rank: 'rank' })) {
    const { errors, objects } = await ask(`{ people { xs { ys { xs { ${selection} } } } } }`);
    expect(objects).toBe(30 + 30 ** 2 + 30 ** 3 + 30 ** 4);
    expect(errors).toHaveLength(100);
    expect(errors[0]?.path).toEqual(['people', 0, 'xs', 0, 'ys', 0, 'xs', 0, field]);
  }
});

it('an answer as text has its errors first, and no data where nothing was executed', () => {
  expect(answerText({ data: '{"a":1}', errors: [] })).toBe('{"data":{"a":1}}');
  expect(answerText({ data: 'null', errors: [{ message: 'm' }] }, { cost: 1 })).toBe(
    '{"errors":[{"message":"m"}],"data":null,"extensions":{"cost":1}}',
  );
  expect(answerText({ data: undefined, errors: [{ message: 'm' }] })).toBe('{"errors":[{"message":"m"}]}');
});
