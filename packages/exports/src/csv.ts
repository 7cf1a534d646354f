import { minorDigits, type Money } from '@storegraph/core';
import { stringify } from 'csv-stringify/sync';

/** What stands in one cell: text, a number, an instant (written in ISO 8601), or an amount (written as a plain decimal in its currency's digits). */
export type Cell = string | number | bigint | boolean | Date | Money | null | undefined;

/** Text that a spreadsheet takes for a formula (OWASP, CSV Injection): so begun, also in full width, or hidden behind blanks. */
const formula = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

/** Spreadsheets read a file as UTF-8 only when it begins with this. */
export const byteOrderMark = '\uFEFF';

/**
 * Rows as CSV (RFC 4180: CRLF between rows, quotes doubled). No text can act as a formula where the file is opened: one that would has an
 * apostrophe put in front. Numbers and amounts are no text: a negative one stays as it is.
 */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.length === 0
    ? ''
    : stringify(
        rows.map((row) => row.map(written)),
        { record_delimiter: 'windows', quoted_match: /[\r\n]/ },
      );
}

function written(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return formula.test(cell) ? `'${cell}` : cell;
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'object' ? decimal(cell) : String(cell);
}

function decimal({ amount, currency }: Money): string {
  const places = minorDigits(currency);
  const digits = String(amount < 0n ? -amount : amount).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return `${amount < 0n ? '-' : ''}${whole}${places > 0 ? `.${digits.slice(-places)}` : ''}`;
}
