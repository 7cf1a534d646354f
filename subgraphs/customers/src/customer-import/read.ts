import { fail, ok, type Result } from '@storegraph/core';
import { CsvError, parse } from 'csv-parse/sync';

/** The largest file that is taken, in bytes. */
export const mostBytes = 16 * 1024 * 1024;
/** The most rows of a file that is taken. */
const mostRows = 100_000;

/** What a column's cells become in a customer's input. */
const fields: Readonly<Record<string, string>> = {
  external_id: 'externalId',
  external_source: 'externalSource',
  first_name: 'firstName',
  last_name: 'lastName',
  email: 'email',
  phone: 'phone',
  language: 'language',
  timezone: 'timezone',
  birth_date: 'birthDate',
  gender: 'gender',
  country: 'country',
  tags: 'tags',
  note: 'note',
};
const addressFields: Readonly<Record<string, string>> = {
  address_line1: 'line1',
  address_line2: 'line2',
  address_city: 'city',
  address_region: 'region',
  address_postal_code: 'postalCode',
  address_country: 'country',
};
/** What an export writes and nobody reads: a customer's number, status and first day are the store's own to give. */
const ignored = new Set(['number', 'status', 'created_at']);

/** A row of the file as the input of a customer: what it leaves empty is not in it. */
export interface ImportedRow {
  /** Where it ends in the file: the header is line 1. */
  readonly line: number;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The column of an input's field, for whoever has to mend the file. */
export function columnOf(field: readonly string[] | null): string | null {
  const [first, , third] = field ?? [];
  const table = first === 'addresses' ? addressFields : fields;
  const name = first === 'addresses' ? third : first;
  return Object.entries(table).find(([, known]) => known === name)?.[0] ?? null;
}

/**
 * Reads a CSV file (RFC 4180, UTF-8, with or without a byte order mark; commas or semicolons between columns, as its header has them). Refuses a
 * file that can not be read as a whole with the reason; what is wrong with single rows is found when they are written.
 */
export function readRows(content: string): Result<readonly ImportedRow[], 'INVALID'> {
  const header = /^\uFEFF?([^\r\n]*)/.exec(content)?.[1] ?? '';
  const delimiter = header.split(';').length > header.split(',').length ? ';' : ',';
  try {
    // Its types do not know what `info` adds.
    const records = parse(content, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 64 * 1024,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    const [first, ...rows] = records;
    if (!first) return fail('INVALID', 'The file is empty.');
    const names = first.record.map((name) => name.trim().toLowerCase());
    const unknown = names.find((name) => !(name in fields) && !(name in addressFields) && !ignored.has(name));
    if (unknown !== undefined) return fail('INVALID', `The file has a column that is not known: ${JSON.stringify(unknown.slice(0, 50))}.`);
    if (new Set(names).size < names.length) return fail('INVALID', 'The file has a column twice.');
    if (rows.length > mostRows) return fail('INVALID', `The file has more than ${mostRows} rows.`);
    return ok(rows.map(({ record, info }) => ({ line: info.lines, input: inputOf(names, record) })));
  } catch (error) {
    if (error instanceof CsvError) return fail('INVALID', `The file can not be read as CSV: ${error.code}.`);
    throw error;
  }
}

function inputOf(names: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const address: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    const text = plain(cells[index] ?? '').trim();
    if (text === '') continue;
    const [field, addressField] = [fields[name], addressFields[name]];
    if (addressField !== undefined) address[addressField] = text;
    else if (field === 'tags')
      input['tags'] = text
        .split(/[;,]/)
        .map((tag) => tag.trim())
        .filter(Boolean);
    else if (field === 'gender') input['gender'] = text.toUpperCase();
    else if (field !== undefined) input[field] = text;
  }
  return Object.keys(address).length > 0 ? { ...input, addresses: [address] } : input;
}

/** The apostrophe that keeps a spreadsheet from running a text is none of the text. */
const plain = (cell: string): string => (/^'\s*[=+\-@＝＋－＠\t\r\n]/.test(cell) ? cell.slice(1) : cell);
