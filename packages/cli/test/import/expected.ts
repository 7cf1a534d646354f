import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

/** One invoice, by the text of its lines alone: read without anything that the import is made of. */
export interface ExpectedInvoice {
  readonly number: string;
  readonly customer: string | null;
  /** In pence, above zero. */
  worth: bigint;
  lines: number;
  readonly at: Date;
}

export interface Expected {
  readonly lines: number;
  readonly orders: ExpectedInvoice[];
  readonly refunds: ExpectedInvoice[];
  readonly adjustments: ExpectedInvoice[];
  /** The numbers of the lines that are no order lines; the header is line 1. */
  readonly broken: number[];
}

const whole = /^([^,]+),[^,]+,.*,(-?\d+),(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d),(\d+(?:\.\d+)?),(\d*),[^,]+$/;

/** Reads a file of the built-in layout of a winter month, in which London's time is UTC. */
export async function expectedOf(path: string): Promise<Expected> {
  const bytes = await readFile(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
  const lines = text.split('\n').slice(1);
  const invoices = new Map<string, ExpectedInvoice & { positive: boolean }>();
  const broken: number[] = [];
  for (const [index, line] of lines.entries()) {
    const match = whole.exec(line);
    if (!match) {
      broken.push(index + 2);
      continue;
    }
    const [, number = '', quantity = '', day = '', month = '', year = '', hour = '', minute = '', price = '', customer = ''] = match;
    const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)));
    const invoice = invoices.get(number) ?? { number, customer: customer || null, worth: 0n, lines: 0, at, positive: false };
    invoices.set(number, invoice);
    invoice.worth += pence(price) * BigInt(quantity.replace('-', ''));
    invoice.lines += 1;
    invoice.positive ||= !quantity.startsWith('-');
  }
  const all = [...invoices.values()];
  const isCredit = ({ number }: ExpectedInvoice) => number.startsWith('C');
  return {
    lines: lines.length,
    orders: all.filter((invoice) => !isCredit(invoice) && invoice.positive),
    refunds: all.filter(isCredit),
    adjustments: all.filter((invoice) => !isCredit(invoice) && !invoice.positive),
    broken,
  };
}

function pence(price: string): bigint {
  const [pounds = '', rest = ''] = price.split('.');
  if (rest.length > 2) throw new Error(`Not in whole pence: ${price}`);
  return BigInt(pounds) * 100n + BigInt(rest.padEnd(2, '0'));
}

export const sum = (numbers: Iterable<bigint>): bigint => [...numbers].reduce((a, b) => a + b, 0n);
export const linesOf = (invoices: readonly ExpectedInvoice[]): number => invoices.reduce((total, { lines }) => total + lines, 0);
