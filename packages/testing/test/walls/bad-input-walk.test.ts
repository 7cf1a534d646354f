import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compose } from '@storegraph/cli';
import { buildASTSchema, getNullableType, isInputObjectType, parse, type FormattedExecutionResult } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { identity } from '../../src/identities.ts';
import { digest } from './digest.ts';
import { malformed } from './malformed.ts';
import { domains, root } from './sdl.ts';
import { targets } from './targets.ts';
import { openWorld, type Rows, type World } from './world.ts';

const composed = buildASTSchema(parse(compose(domains).supergraphSdl), { assumeValidSDL: true });
const mutations = Object.keys(composed.getMutationType()?.getFields() ?? {});
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const testFiles = new Map(globSync('subgraphs/*/src/**/*.test.ts', { cwd: root }).map((file) => [basename(file), file]));

describe('every mutation has a test of bad input beside it', () => {
  it('among them those that are there today', () => {
    expect(mutations.length).toBeGreaterThanOrEqual(34);
  });

  it.each(mutations)('%s', (mutation) => {
    const file = testFiles.get(`${kebab(mutation)}.test.ts`);
    expect(file, `there is no ${kebab(mutation)}.test.ts`).toBeDefined();
    expect(readFileSync(join(root, file ?? ''), 'utf8')).toMatch(/\b(it|test)(\.each\(.*?\))?\(\s*['"`].*bad input/s);
  });
});

/** What a refusal may leave behind: a guess is counted, and the answer to an idempotency key is kept even when it is a refusal. */
const mayGrow = new Set([
  'accounts.attempts',
  'customers.attempts',
  'customers.idempotency_keys',
  'orders.idempotency_keys',
  'messaging.idempotency_keys',
]);

/** What would be a mistake elsewhere, and here says something. */
const meant = new Set([
  'customerTagsAdd: no item in tags',
  'customerTagsRemove: no item in tags',
  'orderTagsSet: no item in tags',
  'cartDiscountCodesSet: no item in codes',
  'giftCardAdjust: a negative amount as amount',
  'conversationLabelsSet: no item in labels',
  'conversationStart: no type',
  'orderExportCreate: a negative amount as filter.total.from',
  'orderExportCreate: a negative amount as filter.total.to',
]);

let world: World;
let rows: Rows;
let foreign: Rows;
beforeAll(async () => {
  world = await openWorld();
  [rows, foreign] = [await world.a.rows(), await world.b.rows()];
});

const isRefusal = ({ data, errors }: FormattedExecutionResult, mutation: string): boolean => {
  if (errors) return errors.length > 0 && errors.every((error) => error.extensions?.['code'] === 'BAD_REQUEST');
  const payload = data?.[mutation] as { userErrors: { code: string; message: string }[] } | undefined;
  return payload !== undefined && payload.userErrors.length > 0 && payload.userErrors.every(({ code }) => /^[A-Z_]+$/.test(code));
};

/** Or else the second mistake would be refused for the first one's key. */
function withKeyOfItsOwn(input: unknown, good: Readonly<Record<string, unknown>>): unknown {
  const given = input as Readonly<Record<string, unknown>>;
  const kept = good['idempotencyKey'] !== undefined && given['idempotencyKey'] === good['idempotencyKey'];
  return kept ? { ...given, idempotencyKey: randomUUID() } : input;
}

const mutationTargets = targets().filter(({ isMutation }) => isMutation);

describe.each(mutationTargets.map((target) => [target.place.replace('Mutation.', ''), target] as const))('%s', (mutation, target) => {
  it('answers every malformed input with a code, never with INTERNAL, and then nothing has changed', async () => {
    const type = domains
      .find(({ name }) => name === target.domain)
      ?.schema.getMutationType()
      ?.getFields()[mutation]?.args[0]?.type;
    const inputType = type && getNullableType(type);
    if (!isInputObjectType(inputType)) throw new Error(`${mutation} has no input`);
    const good = target.operation(rows).variables['input'] as Record<string, unknown>;
    const isPlatforms = target.rules.includes('platform');
    // The platform's people may name any store.
    const variants = malformed(inputType, good, isPlatforms ? {} : foreign).filter(({ what }) => !meant.has(`${mutation}: ${what}`));
    expect(variants.length).toBeGreaterThanOrEqual(4);

    await world.graph.settled();
    const before = await digest(world.graph);
    const who = isPlatforms ? identity.platform() : world.a.ownerIdentity;
    const client = world.as(target.domain, who);
    const query = `mutation ($input: ${inputType.name}!) { ${mutation}(input: $input) { userErrors { code field message } } }`;
    const taken: string[] = [];
    for (const { what, input } of variants) {
      const answer = await client.run(query, { input: withKeyOfItsOwn(input, good) });
      if (!isRefusal(answer, mutation)) taken.push(`${what}: ${JSON.stringify(answer).slice(0, 300)}`);
      expect(JSON.stringify(answer).length, `the answer quotes ${what}`).toBeLessThan(5_000);
    }
    expect(taken).toEqual([]);
    const after = await digest(world.graph);
    expect(Object.keys(after).filter((table) => after[table] !== before[table] && !mayGrow.has(table))).toEqual([]);
  });
});
