import { createLogger, newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { codes, fixtureHarness } from './fixture/runtime.ts';
import { canary } from './fixture/subgraph.ts';

const lines: string[] = [];
const log = createLogger({ level: 'debug', stream: { write: (line: string) => void lines.push(line) } });
const { ask, rows, admin, statements, runtime, storeId, agent } = await fixtureHarness({ log });

/** Backends of this database that are inside a transaction. */
const open = () =>
  admin<{ state: string }>(
    "select state from pg_stat_activity where datname = current_database() and application_name = 'test' and state like '%transaction%'",
  );

const begins = () => statements().filter((statement) => /^begin/i.test(statement)).length;

const create = (text: string) => `noteCreate(input: { text: "${text}" }) { note { id text replies { id } } userErrors { code field } }`;

beforeEach(() => {
  statements();
  lines.length = 0;
});

describe('an error that nobody planned', () => {
  it.each(['throw', 'sql'])('shows nothing of itself, and can be found in the log by the request id (%s)', async (how) => {
    const answer = await ask(`{ fails(how: "${how}") }`, { requestId: 'req-42' });
    expect(answer).toEqual({
      errors: [
        {
          message: 'Something went wrong on our side. It is logged under the request id.',
          path: ['fails'],
          extensions: { code: 'INTERNAL', requestId: 'req-42' },
        },
      ],
      data: { fails: null },
    });
    expect(JSON.stringify(answer)).not.toContain(canary);
    const logged = lines.filter((line) => line.includes('"requestId":"req-42"'));
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('"at":[');
    expect(lines.join('')).not.toContain(canary);
  });

  it('of the public kind keeps its code and message', async () => {
    expect(await ask('{ fails(how: "public") }')).toEqual({
      errors: [{ message: 'Slower, please.', path: ['fails'], extensions: { code: 'RATE_LIMITED' } }],
      data: { fails: null },
    });
  });
});

describe('a request that is no good', () => {
  it.each([
    ['{', undefined],
    ['{ nothing }', undefined],
    ['{ echo(amount: 1.5) { amount } }', undefined],
    ['query A { open } query B { open }', undefined],
    ['query ($a: MinorUnits) { echo(amount: $a) { amount } }', { a: '1.50' }],
    ['query ($id: ID!) { note(id: $id) { id } }', {}],
    ['subscription { x }', undefined],
  ])('is a BAD_REQUEST and sends no statement: %s %o', async (query, variables) => {
    const answer = await ask(query, { variables: variables ?? null });
    expect(new Set(codes(answer))).toEqual(new Set(['BAD_REQUEST']));
    expect(answer.data).toBeUndefined();
    expect(statements()).toEqual([]);
  });

  it('is not quoted: the input may be a password', async () => {
    const mutation = 'mutation ($input: NoteCreateInput!) { noteCreate(input: $input) { note { id } } }';
    for (const input of [
      { text: 1, password: canary },
      { password: canary, other: 1 },
      { text: [canary] },
      canary,
      { text: { a: canary } },
    ]) {
      const answer = await ask(mutation, { variables: { input } });
      expect(codes(answer)).toEqual(['BAD_REQUEST']);
      expect(JSON.stringify(answer)).not.toContain(canary);
    }
    expect((await ask(mutation, { variables: { input: { text: 1, password: canary } } })).errors?.[0]?.message).toBe(
      'Variable "$input" is not valid at "input.text": String cannot represent a non string value.',
    );
    expect(lines.join('')).not.toContain(canary);
  });

  it('comes back as userErrors where a mutation can say what is wrong', async () => {
    const before = await rows();
    const answer = await ask(`mutation { a: ${create('')} b: ${create('x'.repeat(21))} c: ${create('a\\u0000')} }`);
    const refused = (code: string) => ({ note: null, userErrors: [{ code, field: ['text'] }] });
    expect(answer).toEqual({ data: { a: refused('REQUIRED'), b: refused('TOO_LONG'), c: refused('INVALID') } });
    expect(await rows()).toEqual(before);
  });
});

describe('the transactions of a request', () => {
  it('are one shared read for any number of fields, ended with the answer', async () => {
    const { data } = await ask('{ notes { id } }');
    expect(data).toEqual({ notes: [] });
    expect(begins()).toBe(1);
    await ask(`mutation { ${create('one')} }`);
    statements();
    await ask('{ a: notes { id } b: notes { id } c: notes { id } }');
    expect(begins()).toBe(1);
    await expect.poll(open).toEqual([]);
  });

  it('load any number of entities by one statement', async () => {
    const made = await ask(`mutation { a: ${create('a')} b: ${create('b')} c: ${create('c')} }`);
    const ids = Object.values(made.data as Record<string, { note: { id: string } }>).map(({ note }) => note.id);
    statements();
    const count = async (refs: readonly string[]) => {
      await ask('query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Note { text } } }', {
        variables: { refs: refs.map((id) => ({ __typename: 'Note', id })) },
      });
      await expect.poll(open).toEqual([]);
      return statements().filter((statement) => statement.includes('fixture_notes')).length;
    };
    expect([await count(ids.slice(0, 1)), await count([...ids, ...ids])]).toEqual([1, 1]);
  });

  it('end, and once, when a field fails', async () => {
    await ask('{ notes { id } fails(how: "throw") open }');
    await expect.poll(open).toEqual([]);
    const sent = statements().map((statement) => statement.toLowerCase());
    expect(sent.filter((statement) => statement.startsWith('begin'))).toHaveLength(1);
    expect(sent.filter((statement) => statement.startsWith('commit') || statement.startsWith('rollback'))).toHaveLength(1);
  });

  it('are one for each mutation of an operation, one after the other', async () => {
    const before = (await rows()).length;
    const answer = await ask(
      `mutation { first: noteSleep(ms: 60) { note { text } } second: noteSleep(ms: 1) { note { text } } refused: ${create('')} last: ${create('last')} }`,
    );
    expect(Object.keys(answer.data ?? {})).toEqual(['first', 'second', 'refused', 'last']);
    expect((await rows()).slice(before).map(({ text }) => text)).toEqual(['after 60', 'after 1', 'last']);
    expect(begins()).toBe(3);
  });

  it('see in a payload what the mutation has just written: a write clears the loaders', async () => {
    const customer = newId('cus');
    const answer = await ask(
      `mutation ($input: NoteCreateInput!) {
        a: noteCreate(input: $input) { note { customer { notes { text } } } }
        b: noteCreate(input: $input) { note { customer { notes { text } } } }
      }`,
      { variables: { input: { text: 'mine', customerId: customer } } },
    );
    const notes = (field: string) =>
      (answer.data as Record<string, { note: { customer: { notes: object[] } } }>)[field]?.note.customer.notes;
    expect([notes('a'), notes('b')]).toEqual([[{ text: 'mine' }], [{ text: 'mine' }, { text: 'mine' }]]);
  });
});

describe('a request that nobody waits for any more', () => {
  it('is answered at its deadline, and gives its connection back', async () => {
    const startedAt = performance.now();
    const answer = await ask('{ notes { id } sleep(ms: 5000) }', { deadline: Date.now() + 150 });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(answer).toEqual({
      errors: [{ message: 'The answer took too long.', extensions: { code: 'SUBGRAPH_UNAVAILABLE', requestId: 'req-1' } }],
    });
    await expect.poll(open).toEqual([]);
  });

  it('is answered at once when its deadline has passed, and when its caller is gone', async () => {
    expect(codes(await ask('{ sleep(ms: 5000) }', { deadline: Date.now() - 1 }))).toEqual(['SUBGRAPH_UNAVAILABLE']);
    const caller = new AbortController();
    const answer = ask('{ notes { id } sleep(ms: 5000) }', { signal: caller.signal });
    caller.abort();
    expect(codes(await answer)).toEqual(['SUBGRAPH_UNAVAILABLE']);
    await expect.poll(open).toEqual([]);
  });

  it('does not begin its next mutation', async () => {
    const before = await rows();
    const answer = await ask(`mutation { noteSleep(ms: 200) { note { text } } ${create('too late')} }`, { deadline: Date.now() + 50 });
    expect(codes(answer)).toEqual(['SUBGRAPH_UNAVAILABLE']);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await rows()).toEqual(before);
  });
});

describe('what is served', () => {
  it('is the SDL, money and dates as JSON, and free JSON', async () => {
    expect((await ask('{ _service { sdl } }')).data).toEqual({ _service: { sdl: runtime.sdl } });
    const echo = `{ echo(moment: "2026-11-20T09:30:00+01:00", day: "2026-02-28", amount: -9007199254740991, currency: "EUR", country: "DE", json: { a: [1] })
      { moment day amount currency country json } }`;
    expect((await ask(echo)).data).toEqual({
      echo: {
        moment: '2026-11-20T08:30:00.000Z',
        day: '2026-02-28',
        amount: -9007199254740991,
        currency: 'EUR',
        country: 'DE',
        json: { a: [1] },
      },
    });
  });

  it('is counted, by kind of operation and by code', async () => {
    await ask('{ fails(how: "public") }');
    const text = await runtime.metrics.metrics();
    expect(text).toMatch(/storegraph_subgraph_requests_total\{subgraph="orders",kind="query"\} \d+/);
    expect(text).toMatch(/storegraph_subgraph_errors_total\{subgraph="orders",kind="query",code="RATE_LIMITED"\} \d+/);
    expect(text).toMatch(/storegraph_subgraph_duration_seconds_count\{subgraph="orders",kind="mutation"\} \d+/);
  });

  it("is another store's under another identity", async () => {
    await ask(`mutation { ${create('ours')} }`);
    expect((await ask('{ notes { id } }', { identity: identity.staff(newId('sto'), ['orders:read']) })).data).toEqual({ notes: [] });
    expect(((await ask('{ notes { id } }', { identity: identity.system(storeId) })).data?.['notes'] as object[]).length).toBeGreaterThan(0);
    expect(agent.storeId).toBe(storeId);
  });
});
