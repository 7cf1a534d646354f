import { setTimeout as sleep } from 'node:timers/promises';
import { fail, newId, ok, type Result } from '@storegraph/core';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { once, own, owned, pruneIdempotencyKeys, type Pool, type Scope, type SessionHooks, type Tx } from '../src/index.ts';
import { fixtureDatabase, type FixtureDatabase, identityOf, inStore, readOnce, scopeOf } from './fixtures/database.ts';
import { notes } from './fixtures/tables.ts';

let database: FixtureDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await fixtureDatabase(inject('adminUrl'));
  pool = database.open({ max: 10, acquireTimeoutMs: 20_000 });
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

type Input = { idempotencyKey: string; body: string; tags?: string[] };
type Answer = Result<{ id: string; at: Date; amount: bigint }, 'TAKEN'>;

async function noteCreate(scope: Scope, input: Input, effect?: (tx: Tx) => Promise<Answer>, hooks?: SessionHooks) {
  const db = pool.session(scope, hooks);
  try {
    return await db.write((tx) =>
      once(tx, 'noteCreate', input, async (): Promise<Answer> => {
        const id = newId('note');
        await tx.insert(notes).values(owned(tx, { id, body: `${input.body} ${id}` }));
        return effect ? effect(tx) : ok({ id, at: new Date(), amount: 12n });
      }),
    );
  } finally {
    await db.end();
  }
}

const count = (scope: Scope) => readOnce(pool, scope, (tx) => tx.$count(notes, own(tx, notes)));

test('50 calls at once with one key have one effect and give equal answers, bigint and Date included', async () => {
  const scope = inStore();
  const slow = async (): Promise<Answer> => {
    await sleep(50);
    return ok({ id: 'x', at: new Date(), amount: 2n ** 60n });
  };
  const answers = await Promise.all(Array.from({ length: 50 }, () => noteCreate(scope, { idempotencyKey: 'k', body: 'a' }, slow)));
  expect(await count(scope)).toBe(1);
  expect(answers[0]).toMatchObject({ ok: true, value: { amount: 2n ** 60n } });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('the same key with another input is refused and does nothing; the order of fields is no difference', async () => {
  const scope = inStore();
  const first = await noteCreate(scope, { idempotencyKey: 'k', body: 'a', tags: ['x', 'y'] });
  expect(await noteCreate(scope, { tags: ['x', 'y'], body: 'a', idempotencyKey: 'k' })).toEqual(first);
  const reused = {
    ok: false,
    problems: [{ code: 'IDEMPOTENCY_KEY_REUSED', message: expect.any(String) as string, field: ['idempotencyKey'] }],
  };
  expect(await noteCreate(scope, { idempotencyKey: 'k', body: 'b', tags: ['x', 'y'] })).toEqual(reused);
  expect(await noteCreate(scope, { idempotencyKey: 'k', body: 'a', tags: ['y', 'x'] })).toEqual(reused);
  expect(await count(scope)).toBe(1);
});

test('another store, subject or key is another call', async () => {
  const store = newId('sto');
  const [ann, bob] = [newId('usr'), newId('usr')];
  const scopes = [inStore(), scopeOf(identityOf('STAFF', store, ann)), scopeOf(identityOf('STAFF', store, bob))];
  for (const scope of scopes) {
    expect(await noteCreate(scope, { idempotencyKey: 'k', body: 'a' })).toMatchObject({ ok: true });
    expect(await noteCreate(scope, { idempotencyKey: 'k2'.repeat(100), body: 'a' })).toMatchObject({ ok: true });
  }
  expect(await Promise.all(scopes.map(count))).toEqual([2, 4, 4]);
});

test('a refusal is kept and given again, and what was done on the way to it is undone', async () => {
  const scope = inStore();
  let calls = 0;
  const refuse = (): Promise<Answer> => {
    calls += 1;
    return Promise.resolve(fail('TAKEN', 'Taken.', ['body']));
  };
  const refusal = { ok: false, problems: [{ code: 'TAKEN', message: 'Taken.', field: ['body'] }] };
  expect(await noteCreate(scope, { idempotencyKey: 'k', body: 'a' }, refuse)).toEqual(refusal);
  expect(await noteCreate(scope, { idempotencyKey: 'k', body: 'a' }, refuse)).toEqual(refusal);
  expect([calls, await count(scope)]).toEqual([1, 0]);
});

test('a call that throws keeps no answer: the same key may be tried again', async () => {
  const scope = inStore();
  await expect(noteCreate(scope, { idempotencyKey: 'k', body: 'a' }, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await noteCreate(scope, { idempotencyKey: 'k', body: 'a' })).toMatchObject({ ok: true });
  expect(await count(scope)).toBe(1);
});

test('beforeCommit runs for the call that did it, and not for an answer given again', async () => {
  const scope = inStore();
  let audited = 0;
  const hooks = {
    beforeCommit: () => {
      audited += 1;
      return Promise.resolve();
    },
  };
  await noteCreate(scope, { idempotencyKey: 'k', body: 'a' }, undefined, hooks);
  await noteCreate(scope, { idempotencyKey: 'k', body: 'a' }, undefined, hooks);
  expect(audited).toBe(1);
});

test('customers and anonymous visitors have keys too, and customers see no key of another', async () => {
  const store = newId('sto');
  const nothing = (scope: Scope) =>
    pool.session(scope).write((tx) => once(tx, 'op', { idempotencyKey: 'k' }, () => Promise.resolve(ok(scope.identity.kind))));
  const [ann, bob] = [newId('cus'), newId('cus')].map((id) => scopeOf(identityOf('CUSTOMER', store, id)));
  if (!ann || !bob) throw new Error('unreachable');
  for (const scope of [ann, bob, scopeOf(identityOf('ANONYMOUS', store)), scopeOf(identityOf('ANONYMOUS', null))]) {
    expect([await nothing(scope), await nothing(scope)]).toEqual([ok(scope.identity.kind), ok(scope.identity.kind)]);
  }
  const seen = await readOnce(pool, ann, (tx) => tx.execute(sql`select from shop.idempotency_keys`));
  expect(seen).toHaveLength(1);
});

test('keys are forgotten after 30 days', async () => {
  const scope = inStore();
  await noteCreate(scope, { idempotencyKey: 'old', body: 'a' });
  await noteCreate(scope, { idempotencyKey: 'new', body: 'a' });
  await database.admin(`update shop.idempotency_keys set created_at = now() - interval '30 days 1 minute' where key = 'old'`);
  expect(await pool.sweep('shop', pruneIdempotencyKeys)).toBe(1);
  await noteCreate(scope, { idempotencyKey: 'old', body: 'a' });
  await noteCreate(scope, { idempotencyKey: 'new', body: 'a' });
  expect(await count(scope)).toBe(3);
});
