import { isCurrency, OperatorError } from '@storegraph/core';
import iconv from 'iconv-lite';
import { DateTime, IANAZone } from 'luxon';

/** The columns that an order file has to have, by what they mean. */
const fields = ['invoice', 'sku', 'description', 'quantity', 'date', 'price', 'customer', 'country'] as const;
export type Field = (typeof fields)[number];

/** How a file of order lines is written. */
export interface Layout {
  readonly columns: Readonly<Record<Field, string>>;
  /** Any encoding that iconv knows. */
  readonly encoding: string;
  /** Luxon's tokens: https://moment.github.io/luxon/#/parsing?id=table-of-tokens */
  readonly dateFormat: string;
  /** The IANA time zone in which the dates are written. */
  readonly timeZone: string;
  readonly currency: string;
  readonly delimiter: string;
}

/** The layout of the UCI data set "Online Retail" (Daqing Chen, 2015, doi 10.24432/C5BW33). */
export const onlineRetail: Layout = {
  columns: {
    invoice: 'InvoiceNo',
    sku: 'StockCode',
    description: 'Description',
    quantity: 'Quantity',
    date: 'InvoiceDate',
    price: 'UnitPrice',
    customer: 'CustomerID',
    country: 'Country',
  },
  encoding: 'windows-1252',
  dateFormat: 'dd/MM/yyyy HH:mm',
  timeZone: 'Europe/London',
  currency: 'GBP',
  delimiter: ',',
};

/** Changes columns of a layout by pairs `field=Column name`. */
export function withColumns(layout: Layout, pairs: readonly string[]): Layout {
  const columns = { ...layout.columns };
  for (const pair of pairs) {
    const [name = '', column = ''] = pair.split('=', 2);
    const field = fields.find((known) => known === name);
    if (!field || column === '')
      throw new OperatorError(`"${pair}" is not a column mapping.`, `Write field=Column; the fields are ${fields.join(', ')}.`);
    columns[field] = column;
  }
  return { ...layout, columns };
}

/** Throws an OperatorError for a layout that no file could have. */
export function checkLayout({ encoding, timeZone, currency, delimiter, dateFormat }: Layout): void {
  if (!isEncoding(encoding)) throw new OperatorError(`"${encoding}" is not an encoding.`, 'Examples: utf-8, windows-1252.');
  if (!IANAZone.isValidZone(timeZone)) throw new OperatorError(`"${timeZone}" is not a time zone.`, 'Examples: UTC, Europe/London.');
  if (!isCurrency(currency)) throw new OperatorError(`"${currency}" is not a currency.`, 'Give its ISO 4217 code, such as GBP.');
  if (!/^[^"\r\n]$/.test(delimiter))
    throw new OperatorError(`"${delimiter}" can not separate columns.`, 'Give one character, such as a semicolon.');
  const sample = DateTime.fromISO('2010-12-01T08:26:00', { zone: timeZone, locale: 'en' });
  if (!DateTime.fromFormat(sample.toFormat(dateFormat), dateFormat, { zone: timeZone, locale: 'en' }).hasSame(sample, 'day'))
    throw new OperatorError(`"${dateFormat}" is not the form of a date.`, 'Example: dd/MM/yyyy HH:mm.');
}

// iconv's own declaration makes a type guard of it that leaves no other string.
const isEncoding = (name: string): boolean => iconv.encodingExists(name);

/** Where each field stands in the file, by its header line. */
export function positions(layout: Layout, header: readonly string[]): Readonly<Record<Field, number>> {
  const missing = fields.filter((field) => !header.includes(layout.columns[field]));
  if (missing.length > 0) {
    throw new OperatorError(
      `The file has no column ${missing.map((field) => `"${layout.columns[field]}"`).join(', ')}.`,
      'Map the columns with --column field=Name, or check --encoding and --delimiter.',
    );
  }
  const at = (field: Field) => header.indexOf(layout.columns[field]);
  return {
    invoice: at('invoice'),
    sku: at('sku'),
    description: at('description'),
    quantity: at('quantity'),
    date: at('date'),
    price: at('price'),
    customer: at('customer'),
    country: at('country'),
  };
}
