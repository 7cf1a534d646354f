import { expect, it } from 'vitest';
import { classify, invoices, type Invoice } from './invoice.ts';
import type { InvoiceLine } from './line.ts';

let count = 1;
const line = (invoice: string, quantity: number, rest: Partial<InvoiceLine> = {}): InvoiceLine => ({
  number: (count += 1),
  invoice,
  sku: '85123A',
  name: 'WHITE HANGING HEART',
  quantity,
  unitPrice: 255n,
  at: new Date('2010-12-01T08:26:00Z'),
  customer: '17850',
  country: 'United Kingdom',
  ...rest,
});

async function all(lines: InvoiceLine[]): Promise<Invoice[]> {
  const list: Invoice[] = [];
  for await (const invoice of invoices(
    (async function* () {
      yield* lines;
    })(),
  ))
    list.push(invoice);
  return list;
}

it('takes a number that starts with C as a refund and never as an order', () => {
  expect(classify([line('C536379', -1)]).kind).toBe('REFUND');
  expect(classify([line('C536379', 1)]).kind).toBe('REJECTED');
});

it('takes an ordinary invoice of nothing but negative quantities as a stock adjustment', () => {
  expect(classify([line('536589', -10), line('536589', -2)]).kind).toBe('STOCK_ADJUSTMENT');
});

it('rejects every line of an invoice that contradicts itself', () => {
  const signs = classify([line('1', 1), line('1', -1)]);
  const people = classify([line('1', 1), line('1', 1, { customer: '2' })]);
  expect(signs).toMatchObject({ kind: 'REJECTED', rejections: [{ code: 'MIXED_SIGNS' }, { code: 'MIXED_SIGNS' }] });
  expect(people).toMatchObject({ kind: 'REJECTED', rejections: [{ code: 'MIXED_CUSTOMERS' }, { code: 'MIXED_CUSTOMERS' }] });
});

it('makes one order of an invoice that spans two minutes, and keeps equal lines', async () => {
  const equal = line('536365', 6);
  const list = await all([equal, equal, line('536365', 1, { at: new Date('2010-12-01T08:27:00Z') }), line('536366', 1)]);
  expect(list.map((invoice) => invoice.kind)).toEqual(['ORDER', 'ORDER']);
  expect(list[0]?.kind === 'ORDER' && list[0].lines).toHaveLength(3);
});

it('rejects the lines of an invoice that comes up a second time, and no others', async () => {
  const list = await all([line('1', 1), line('2', 1), line('1', 5), line('2', 1)]);
  expect(list.map((invoice) => invoice.kind)).toEqual(['ORDER', 'REJECTED', 'ORDER']);
  expect(list[1]).toMatchObject({ rejections: [{ code: 'SCATTERED' }] });
});
