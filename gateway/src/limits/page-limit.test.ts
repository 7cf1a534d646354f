import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createLimitGuard, defaultLimits } from './limits.ts';
import { nodesAskedFor, pagesOf } from './page-limit.ts';

const asked = (source: string, variables?: unknown) => pagesOf(parse(source)).map((operation) => nodesAskedFor(operation, variables));
const guard = createLimitGuard(defaultLimits);
const refusal = (source: string, variables?: unknown): unknown => {
  try {
    guard.check(source, variables);
    return null;
  } catch (error) {
    return error;
  }
};

describe('the nodes that an operation asks for', () => {
  it('are multiplied along the path, and added beside it', () => {
    expect(
      asked('{ customers(first: 10) { nodes { orders(first: 5) { nodes { lines { sku } } } sessions(last: 2) { nodes { id } } } } }'),
    ).toEqual([10 + 50 + 20]);
    expect(asked('{ a: customers(first: 10) { totalCount } b: customers(first: 10) { totalCount } }')).toEqual([20]);
  });
  it('are 25 of a connection that says no number, and of what is none', () => {
    expect(asked('{ customers { nodes { orders { edges { node { id } } } } } viewer { user { id } } }')).toEqual([25 + 625]);
    expect(asked('{ customers(first: null) { totalCount } orders(first: "9") { totalCount } }')).toEqual([50]);
  });
  it('go by the value of a variable, else by its default', () => {
    const source = 'query ($n: Int = 7) { customers(first: $n) { nodes { id } } }';
    expect(asked(source, { n: 40 })).toEqual([40]);
    expect(asked(source, {})).toEqual([7]);
    expect(asked(source, 'no object')).toEqual([7]);
    expect(asked('query ($n: Int) { customers(first: $n) { nodes { id } } }')).toEqual([25]);
    expect(asked('query ($n: Int) { customers(first: $n) { nodes { id } } }', { n: -1e9 })).toEqual([25]);
  });
  it('are found through fragments, and in each operation', () => {
    const fragments =
      'fragment Page on Customers { ... { nodes { ...Row } } } fragment Row on Customer { orders(first: 3) { totalCount } }';
    expect(asked(`query A { customers { ...Page } } query B { customers(first: 2) { ...Page } } ${fragments}`)).toEqual([25 + 75, 2 + 6]);
  });
});

describe('the limit of 10,000 nodes', () => {
  const nested = 'query ($n: Int!) { customers(first: 100) { nodes { orders(first: $n) { nodes { lines { sku } } } } } }';
  it('refuses pages within pages, and names itself', () => {
    expect(refusal('{ customers(first:100){nodes{orders(first:100){nodes{lines{sku}}}}} }')).toMatchObject({
      extensions: { code: 'BAD_REQUEST', limit: 'nodes' },
    });
  });
  it('is asked anew for other variables of the same document', () => {
    expect(refusal(nested, { n: 99 })).toBeNull();
    expect(refusal(nested, { n: 100 })).toMatchObject({ extensions: { code: 'BAD_REQUEST', limit: 'nodes' } });
    expect(refusal(nested, { n: 20 })).toBeNull();
  });
  it('leaves room for what front ends ask', () => {
    expect(
      refusal('{ customers(first: 50) { nodes { addresses { city } orders { nodes { lines { sku } refunds { id } } } } } }'),
    ).toBeNull();
  });
});
