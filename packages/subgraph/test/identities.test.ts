import { createSealer, type Identity } from '@storegraph/auth';
import { newId, ok, silentLogger } from '@storegraph/core';
import { own, owned } from '@storegraph/database';
import { createRuntime, payload, type Context } from '@storegraph/subgraph';
import { identity } from '@storegraph/testing';
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { define } from './define.ts';
import { fixtureHarness } from './fixture/runtime.ts';
import { notes } from './fixture/subgraph.ts';

const { pool, admin, storeId, statements } = await fixtureHarness({ poolSize: 1 });
const sealer = createSealer({ keys: [{ id: 'k1', key: randomBytes(32) }] });

const sdl = `
  extend type Query { seen: [Int!] @access(permission: "public") }
  extend type Mutation { logIn: LogInPayload! @access(permission: "public") nested: LogInPayload! @access(permission: "public") }
  type LogInPayload { count: Int userErrors: [LogInUserError!]! }
  type LogInUserError implements UserError { code: LogInUserErrorCode! field: [String!] message: String! }
  enum LogInUserErrorCode { INVALID }`;

const count = async ({ db }: Context) => (await db.read((tx) => tx.select().from(notes).where(own(tx, notes)))).length;
const add = ({ db }: Context) => db.write(async (tx) => ok(await tx.insert(notes).values(owned(tx, { id: newId('nte'), text: 'x' }))));

function runtimeFor(person: Identity) {
  const definition = define(
    sdl,
    {
      Query: {
        seen: async (_: unknown, __: unknown, ctx: Context) => {
          const member = ctx.as(person);
          return [
            await count(member),
            await count(ctx.as(identity.system(storeId))),
            ...(await Promise.all([count(member), count(ctx.as(person))])),
          ];
        },
      },
      Mutation: {
        logIn: async (_: unknown, __: unknown, ctx: Context) => {
          await add(ctx.as(identity.system(storeId)));
          await add(ctx.as(person));
          await add(ctx.as(person));
          return payload(ok({ count: await count(ctx.as(person)) }));
        },
        nested: (_: unknown, __: unknown, ctx: Context) => ctx.as(person).db.write(() => add(ctx.as(identity.system(storeId)))),
      },
    },
    'orders',
  );
  return createRuntime(definition, { pool, log: silentLogger, sealer });
}

const person = identity.staff(storeId, []);
const runtime = runtimeFor(person);
const ask = (query: string) => runtime.execute({ query, identity: identity.anonymous(), requestId: 'req-1' });

it('a request may go on as others that the domain has proven, on the one connection of a pool of one', async () => {
  expect((await ask('mutation { logIn { count } }')).data).toEqual({ logIn: { count: 3 } });
  statements();
  expect((await ask('{ seen }')).data).toEqual({ seen: [3, 3, 3, 3] });
  expect((await admin("select 1 from pg_stat_activity where datname = current_database() and application_name = 'test'")).length).toBe(1);
});

it('the activity is noted once, for the first of them whose writes are noted', async () => {
  const noted = await admin("select actor from events.log where type = 'activity.recorded'");
  expect(noted).toEqual([{ actor: { kind: 'STAFF', id: person.subjectId } }]);
});

it('to become another inside a write is an error, not a wait for ever', async () => {
  expect((await ask('mutation { nested { count } }')).errors?.[0]?.extensions).toMatchObject({ code: 'INTERNAL' });
  expect((await ask('{ seen }')).data).toEqual({ seen: [3, 3, 3, 3] });
});
