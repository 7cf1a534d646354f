import { parseDecimal } from '@storegraph/core';
import { DateTime } from 'luxon';
import type { Field, Layout } from './layout.ts';
import type { RawLine } from './read.ts';

/** An order line as the file has it, checked: amounts exact, time in UTC. */
export interface InvoiceLine {
  readonly number: number;
  readonly invoice: string;
  readonly sku: string;
  readonly name: string;
  /** Negative where goods came back or stock was written off. */
  readonly quantity: number;
  readonly unitPrice: bigint;
  readonly at: Date;
  readonly customer: string | null;
  readonly country: string | null;
}

export type RejectionCode =
  'COLUMNS' | 'NO_INVOICE' | 'NO_SKU' | 'BAD_QUANTITY' | 'BAD_PRICE' | 'BAD_DATE' | 'MIXED_SIGNS' | 'MIXED_CUSTOMERS' | 'SCATTERED';

export interface Rejection {
  readonly number: number;
  readonly code: RejectionCode;
  readonly reason: string;
  readonly cells: readonly string[];
}

/** As much as the tables take. */
const longestText = 255;
const largestQuantity = 1_000_000_000;

/** Makes the reader of single lines: it gives the line, or why the line can not be taken. */
export function lineReader(layout: Layout, at: Readonly<Record<Field, number>>, width: number): (raw: RawLine) => InvoiceLine | Rejection {
  const times = new Map<string, Date | null>();
  const time = (text: string) => {
    let known = times.get(text);
    if (known === undefined) {
      // Lines of one invoice share their time, so most look-ups end here.
      if (times.size > 1_000) times.clear();
      known = readTime(text, layout);
      times.set(text, known);
    }
    return known;
  };

  return ({ number, cells }) => {
    const reject = (code: RejectionCode, reason: string): Rejection => ({ number, code, reason, cells });
    if (cells.length !== width) return reject('COLUMNS', `The line has ${cells.length} of ${width} columns.`);
    const cell = (field: Field) => (cells[at[field]] ?? '').trim();

    const invoice = cell('invoice');
    if (invoice === '' || invoice.length > longestText) return reject('NO_INVOICE', 'The line names no invoice.');
    const sku = cell('sku');
    if (sku === '' || sku.length > longestText) return reject('NO_SKU', 'The line names no article.');
    const quantity = Number(cell('quantity'));
    if (!/^-?\d+$/.test(cell('quantity')) || quantity === 0 || Math.abs(quantity) > largestQuantity) {
      return reject('BAD_QUANTITY', `"${cell('quantity')}" is not a whole quantity other than zero.`);
    }
    const unitPrice = parseDecimal(cell('price'), layout.currency);
    if (unitPrice === undefined || unitPrice < 0n) return reject('BAD_PRICE', `"${cell('price')}" is not an amount in ${layout.currency}.`);
    const when = time(cell('date'));
    if (!when) return reject('BAD_DATE', `"${cell('date')}" is not a time of the form ${layout.dateFormat} in ${layout.timeZone}.`);

    const name = cell('description').slice(0, longestText) || sku;
    return {
      number,
      invoice,
      sku,
      name,
      quantity,
      unitPrice,
      at: when,
      customer: cell('customer') || null,
      country: cell('country') || null,
    };
  };
}

export const isRejection = (line: InvoiceLine | Rejection): line is Rejection => 'code' in line;

function readTime(text: string, layout: Layout): Date | null {
  const parsed = DateTime.fromFormat(text, layout.dateFormat, { zone: layout.timeZone, locale: 'en' });
  return parsed.isValid ? parsed.toJSDate() : null;
}
