import { getIntrospectionQuery } from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLimitGuard, defaultLimits, limitsNamed } from '../src/limits/limits.ts';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';
import { hostileOperations } from './hostile/operations.ts';

let graph: FixtureGraph;
beforeAll(async () => {
  graph = await fixtureGraph('memory');
});
afterAll(() => graph.close());

describe('what front ends send stays inside the limits:', () => {
  const introspection = getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    inputValueDeprecation: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
  });
  const { check } = createLimitGuard(defaultLimits);

  it('the introspection of GraphiQL and of generators', async () => {
    check(introspection, undefined);
    expect((await graph.ask(introspection)).body.errors).toBeUndefined();
  });

  it('a page with twenty parts', async () => {
    const wide = `query ($id: ID!) { ${Array.from({ length: 20 }, (_, i) => `c${i}: customer(id: $id) { name orders { number customer { name } } }`).join(' ')} }`;
    expect((await graph.ask(wide, { variables: { id: 'cus_1' } })).body.errors).toBeUndefined();
  });

  it('a page put together from thirty fragments that each name what they need', () => {
    const fragments = Array.from(
      { length: 30 },
      (_, i) => `fragment f${i} on Order { id number customer { id displayName } total { amount currency } }`,
    );
    check(`{ orders { nodes { ${fragments.map((_, i) => `...f${i}`).join(' ')} } } } ${fragments.join(' ')}`, undefined);
  });

  it('every operation of the documentation', () => {
    const root = new URL('../../', import.meta.url);
    const pages = [
      'README.md',
      ...readdirSync(new URL('docs', root))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`),
    ];
    const operations = pages.flatMap((page) =>
      [...readFileSync(new URL(page, root), 'utf8').matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']) => text),
    );
    expect(operations.length).toBeGreaterThan(10);
    for (const operation of operations) check(operation, undefined);
  });
});

it('a body that says it is too large is refused before it is read', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': defaultLimits.bodyBytes + 1 };
    const sent = request(`${graph.gateway.url}/graphql`, { method: 'POST', headers }, (answer) => {
      resolve(answer.statusCode);
      sent.destroy();
    });
    sent.on('error', reject);
    sent.write('{');
  });
  expect(status).toBe(413);
});

it('a limit that there is not is refused by its name', () => {
  expect(limitsNamed({ depth: 30 })).toEqual({ depth: 30 });
  expect(() => limitsNamed({ depht: 30 })).toThrow('There is no limit "depht".');
});

it('a thousand hostile requests leave the gateway answering', async () => {
  const bodies = hostileOperations
    .filter(({ method, headers, expected, planned }) => !method && !headers && expected.startsWith('BAD_REQUEST ') && !planned)
    .map(({ body }) => (typeof body === 'string' ? body : JSON.stringify(body)))
    .filter((body) => body.length < 100_000);
  const statuses = await Promise.all(
    Array.from({ length: 1_000 }, async (_, i) => {
      const answer = await fetch(`${graph.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: bodies[i % bodies.length] ?? '',
      });
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([400]));
  expect((await graph.ask('{ store { name } }')).body).toEqual({ data: { store: { name: 'Demo' } } });
});
