import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { testDatabase, type TestDatabase } from '@storegraph/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder } from '../command.ts';
import { oneProcess, type RunInOneProcess } from '../one-process.ts';
import { importOf, sampleFile, startImport } from './desk.ts';

let database: TestDatabase;
let folder: string;
let sample: Buffer;
let run: RunInOneProcess;
beforeAll(async () => {
  database = await testDatabase({ poolSize: 2 });
  folder = await emptyFolder();
  sample = await readFile(sampleFile);
  // So that the demo store is there, and whatever a bad import changed would show.
  run = oneProcess();
  expect(await run(...importOf(database.adminUrl, folder, sampleFile))).toMatchObject({ code: 0, stderr: '' });
});

const written = async (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path, content);
  return path;
};

async function refused(file: string, options: readonly string[] = [], adminUrl = database.adminUrl): Promise<string> {
  const before = await counts();
  const { code, stdout, stderr } = await run(...importOf(adminUrl, folder, file, options));
  expect([code, stdout]).toEqual([1, '']);
  // One line, and so no stack trace.
  expect(stderr).toMatch(/^storegraph: [^\n]+\n$/);
  expect(stderr).not.toContain('Unexpected');
  expect(await counts()).toEqual(before);
  return stderr;
}

const counts = () =>
  database.admin(
    'select (select count(*) from orders.orders)::int, (select count(*) from orders.refunds)::int, (select count(*) from events.log)::int',
  );

describe('a file that can not be taken is refused in one line, and nothing changes', () => {
  it.each<[string, () => Promise<string>, RegExp]>([
    ['no such file', async () => join(folder, 'nowhere.csv'), /nowhere\.csv can not be read/],
    ['a directory', async () => folder, /is not a file/],
    ['an empty file', () => written('empty.csv', ''), /has no column "InvoiceNo", /],
    ['wrong columns', () => written('columns.csv', 'A,B\n1,2\n'), /has no column "InvoiceNo", "StockCode"/],
    ['a gzip file that is cut off', () => written('cut.csv.gz', gzipSync(sample).subarray(0, 2_000)), /gzip file is damaged or cut off/],
    [
      'a gzip file that is damaged',
      async () => {
        const bytes = gzipSync(sample);
        bytes.fill(0xff, 3_000, 3_100);
        return written('damaged.csv.gz', bytes);
      },
      /gzip file is damaged or cut off/,
    ],
    [
      'a quotation mark that is never closed',
      () =>
        written(
          'quote.csv',
          `${sample.toString('latin1').split('\n')[0]}\n1,A,"never closed,1,01/12/2010 08:26,1.00,,France\n2,B,b,1,01/12/2010 08:26,1.00,,France\n`,
        ),
      /quotation mark is opened and not closed/,
    ],
  ])('%s', async (_case, file, message) => {
    expect(await refused(await file())).toMatch(message);
  });

  it.each<[string, string[], RegExp]>([
    ['an encoding that the file has not', ['--encoding', 'utf-8'], /The file is not utf-8\. Name its encoding/],
    ['an encoding that is none', ['--encoding', 'utf-99'], /"utf-99" is not an encoding/],
    ['a column that is no mapping', ['--column', 'invoice'], /"invoice" is not a column mapping/],
    ['a field that is unknown', ['--column', 'weight=Kilos'], /the fields are invoice, sku/],
    ['a column that the file has not', ['--column', 'invoice=Nr'], /has no column "Nr"/],
    ['a currency that is none', ['--currency', 'POUNDS'], /"POUNDS" is not a currency/],
    ['a time zone that is none', ['--time-zone', 'Europe/Lundon'], /"Europe\/Lundon" is not a time zone/],
    ['a date format that is none', ['--date-format', 'nonsense'], /"nonsense" is not the form of a date/],
    ['a delimiter of two characters', ['--delimiter', ';;'], /";;" can not separate columns/],
    ['an unknown store', ['--store', 'nowhere'], /There is no store "nowhere"/],
    ['a report under a regular file', ['--report', `${sampleFile}/report.csv`], /The report .* can not be written/],
    ['a report on a full disk', ['--report', '/dev/full'], /The report \/dev\/full can not be written.*space/],
  ])('%s', async (_case, options, message) => {
    expect(await refused(sampleFile, options)).toMatch(message);
  });

  it('something else than orders', async () => {
    const { code, stderr } = await run(['import', 'customers', sampleFile, '--store', 'demo', '--data', folder]);
    expect([code, stderr]).toEqual([1, 'storegraph: "customers" can not be imported. Known: orders.\n']);
  });

  it.each<[string, (url: URL) => void, RegExp]>([
    ['a database that is not there', (url) => (url.port = '1'), /No PostgreSQL answers at 127\.0\.0\.1:1/],
    ['a wrong password', (url) => (url.password = 'a-password-nobody-may-read'), /refuses the user "postgres"/],
  ])('%s', async (_case, change, message) => {
    const url = new URL(database.adminUrl);
    change(url);
    const line = await refused(sampleFile, [], url.href);
    expect(line).toMatch(message);
    expect(line).not.toContain('nobody-may-read');
  });

  it('an unknown store, in a process of its own', async () => {
    const { code, stdout, stderr } = await startImport(database, folder, sampleFile, ['--store', 'nowhere']).ended;
    expect([code, stdout, stderr]).toEqual([1, '', 'storegraph: There is no store "nowhere". Give the slug of one with --store.\n']);
  });
});
