import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as events from '@storegraph/events';
import { describe, expect, it } from 'vitest';
import { root } from './sdl.ts';

const files = [
  'subgraphs/customers/README.md',
  'subgraphs/customers/package.json',
  ...globSync('subgraphs/customers/src/**/*', { cwd: root }).filter((file) => /\.\w+$/.test(file)),
  ...globSync('drizzle/customers/*', { cwd: root }),
  ...globSync('packages/events/src/contracts/customers/*', { cwd: root }),
];

/**
 * The words of selling, in any spelling that code uses: `orders`, `OrderId`, `order_lines`, `lastOrder`, `checkout`. An order by which a list
 * is sorted is none of them (`order by`, `orderBy`, `inOrder`, "in order", "the order of").
 */
const order =
  /\borders\b|\borders?[_A-Z]\w*|\w*[a-z]Orders?(?![a-z])|\w*_orders?\b|\bOrders?\b|\bord_|\b[Aa]n order\b|\border'?s? (lines?|items?|numbers?|ids?)\b/;
const rest = /carts?\b|check-?outs?\b|refund|payments?\b|invoice|fulfil|shipment|purchase|\bsales?\b|\bbought\b|\bbuys?\b/;
const selling = new RegExp(`${order.source}|(?i:${rest.source})`, 'g');
const sorting = /\b(order|Order|ORDER) (by|BY)\b|\border(By|ed)\b|\w*[iI]n_?[oO]rder\b|\bsortOrder\b/g;

/** Each word of selling in a text, with its line. */
const found = (text: string) =>
  text.split('\n').flatMap((line, index) => [...line.replace(sorting, '').matchAll(selling)].map(([word]) => `${index + 1}: ${word}`));

describe('customers', () => {
  it.each(files)('has no word of orders in %s', (file) => {
    expect(found(readFileSync(join(root, file), 'utf8'))).toEqual([]);
  });

  it('depends on no other domain', () => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'subgraphs/customers/package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    expect(
      Object.keys(dependencies)
        .filter((name) => name.startsWith('@storegraph/'))
        .toSorted(),
    ).toEqual([
      '@storegraph/auth',
      '@storegraph/core',
      '@storegraph/database',
      '@storegraph/events',
      '@storegraph/exports',
      '@storegraph/jobs',
      '@storegraph/subgraph',
    ]);
  });

  it('takes events of accounts, and the one in which any domain answers an erasure, and of nobody else', () => {
    const product = globSync('subgraphs/customers/src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
    const sources = product.map((file) => readFileSync(join(root, file), 'utf8'));
    const subscribed = sources.flatMap((text) =>
      [...text.matchAll(/\bon: \[([^\]]*)\]/g)].flatMap(([, names = '']) => names.split(/,\s*/)),
    );
    const producers = [...new Set(subscribed)].map((name) => {
      const contract: unknown = Reflect.get(events, name);
      return events.isContract(contract) ? contract.producer : `${name} is no contract`;
    });
    expect([...new Set(producers)].toSorted()).toEqual([events.anyDomain, 'accounts']);
  });
});

it.each([
  ['type Order {', ['1: Order']],
  ['customer.lastOrder', ['1: lastOrder']],
  ['create table order_lines', ['1: order_lines']],
  ['whoever places an order', ['1: an order']],
  ['the cart\nand its checkout', ['1: cart', '2: checkout']],
  ['select * from x order by id', []],
  ['.orderBy(...k.orderBy)', []],
  ['in the order of their ids', []],
])('%j has the words of orders that a reader finds', (text, words) => {
  expect(found(text)).toEqual(words);
});
