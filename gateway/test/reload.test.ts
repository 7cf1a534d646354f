import { expect, it } from 'vitest';
import { hostileGateway, send } from './hostile/gateway.ts';
import { hasTooManyWays, slowSupergraph, slowToPlan } from './hostile/slow.ts';
import { reloadUnderLoad } from './reload-load.ts';
import { supergraphOf } from './sameness/compose.ts';

/** The same for clients as the one in which planning is slow, from one subgraph. */
const quickSupergraph = () =>
  supergraphOf({
    catalog: `
      type Query { topReviewed: Product }
      interface Product { id: ID! name: String reviews: [Review!] score: Float }
      type Shoe implements Product { id: ID! name: String reviews: [Review!] score: Float size: Int! }
      type Review { text: String product: Product }`,
    reviews: 'type Query { reviewed: Int }',
  });

/** Much has to be read and planned: a machine that is busy with something else may take its time. */
const patient = { timeout: 120_000 };

it('while supergraphs are loaded no request fails, and every front end is told 1..n, in order, none twice', patient, async () => {
  expect(await reloadUnderLoad({ sockets: 5, atOnce: 10, reloads: 2 })).toBeGreaterThan(20);
});

it('the next engine knows the hottest operations when it takes over, but for those that it can not plan in time', patient, async () => {
  await using closing = new AsyncDisposableStack();
  const gateway = await hostileGateway({ supergraphSdl: quickSupergraph(), limits: { planningMs: 300 }, cost: undefined });
  closing.defer(() => gateway.close());
  const ask = async (query: string) => (await send(gateway.url, { what: '', body: { query }, expected: '' })).outcome;
  const operations = [hasTooManyWays, slowToPlan('Slow'), '{ topReviewed { id } }', '{ topReviewed { score } }'];
  for (const operation of operations) expect(await ask(operation)).toBe('answered');

  await gateway.reload(slowSupergraph());
  const plans = await gateway.plans();
  expect(plans).toBe(8);
  expect(await Promise.all(operations.map(ask))).toEqual(['BAD_REQUEST plan', 'BAD_REQUEST plan', 'answered', 'answered']);
  // Neither planned again, nor tried.
  expect(await gateway.plans()).toBe(plans);
});

it('of two supergraphs that are loaded at once, the last is the one that stays', patient, async () => {
  await using closing = new AsyncDisposableStack();
  const gateway = await hostileGateway({ supergraphSdl: quickSupergraph() });
  closing.defer(() => gateway.close());
  const refused = gateway.reload('type Query {');
  const slow = gateway.reload(slowSupergraph());
  const last = gateway.reload(quickSupergraph());
  await expect(refused).rejects.toThrow('Syntax Error');
  await Promise.all([slow, last]);
  expect((await send(gateway.url, { what: '', body: { query: '{ favourite { __typename } }' }, expected: '' })).outcome).toBe(
    'GRAPHQL_VALIDATION_FAILED',
  );
});
