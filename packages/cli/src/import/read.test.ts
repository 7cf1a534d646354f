import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { onlineRetail, positions, withColumns } from './layout.ts';
import { isRejection, lineReader } from './line.ts';
import { inspect, readLines } from './read.ts';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const good = '536365,85123A,"Voucher, £40.00",6,01/12/2010 08:26,2.55,17850,United Kingdom';

async function file(content: string | Buffer): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'storegraph-import-')), 'orders.csv');
  await writeFile(path, content);
  return path;
}

async function read(content: string | Buffer, layout = onlineRetail) {
  const path = await file(content);
  const lines = [];
  const inspected = await inspect(path, layout);
  for await (const line of readLines(inspected, () => {})) lines.push(line);
  const [first, ...rest] = lines;
  const reader = lineReader(layout, positions(layout, first?.cells ? [...first.cells] : []), first?.cells.length ?? 0);
  return rest.map(reader);
}

describe('a file of order lines', () => {
  it('is read exactly in its own encoding, plain or gzip', async () => {
    const bytes = iconv.encode(`${header}\r\n${good}\r\n`, 'windows-1252');
    for (const content of [bytes, gzipSync(bytes)]) {
      const [line] = await read(content);
      expect(line).toMatchObject({
        number: 2,
        name: 'Voucher, £40.00',
        quantity: 6,
        unitPrice: 255n,
        at: new Date('2010-12-01T08:26:00Z'),
      });
    }
  });

  it('takes summer time from the time zone of the layout', async () => {
    const [line] = await read(`${header}\n${good.replace('01/12/2010', '01/07/2011')}\n`);
    expect(line).toMatchObject({ at: new Date('2011-07-01T07:26:00Z') });
  });

  it('may name its columns as it likes', async () => {
    const layout = { ...withColumns(onlineRetail, ['invoice=Nr', 'price=Preis']), delimiter: ';' };
    const [line] = await read(
      'Country;Preis;Nr;StockCode;Description;Quantity;InvoiceDate;CustomerID\nFrance;0.5;7;A;;2;01/12/2010 08:26;\n',
      layout,
    );
    expect(line).toMatchObject({ invoice: '7', unitPrice: 50n, country: 'France', customer: null, name: 'A' });
  });

  it('has each bad line rejected with its number and a code, and the others kept', async () => {
    const cells = (change: Record<number, string>) =>
      ['536365', 'A', 'x', '6', '01/12/2010 08:26', '2.55', '', 'France'].map((cell, index) => change[index] ?? cell).join(',');
    const bad = [
      cells({ 0: '' }),
      cells({ 1: '' }),
      cells({ 3: '1.5' }),
      cells({ 3: '0' }),
      cells({ 4: '31/02/2010 08:26' }),
      cells({ 5: '2.555' }),
      cells({ 5: '-1' }),
    ];
    const lines = await read([header, ...bad, '539650,84347,R', cells({})].join('\n'));
    expect(lines.map((line) => (isRejection(line) ? `${line.number} ${line.code}` : 'kept'))).toEqual([
      '2 NO_INVOICE',
      '3 NO_SKU',
      '4 BAD_QUANTITY',
      '5 BAD_QUANTITY',
      '6 BAD_DATE',
      '7 BAD_PRICE',
      '8 BAD_PRICE',
      '9 COLUMNS',
      'kept',
    ]);
  });

  it('keeps a quotation mark within a cell, and says from which line on one is never closed', async () => {
    const [line] = await read([header, '536365,A,6" RULER "x"y,6,01/12/2010 08:26,2.55,,France'].join('\n'));
    expect(line).toMatchObject({ name: '6" RULER "x"y' });
    await expect(read([header, good, '536366,A,"x,6,01/12/2010 08:26,2.55,,France'].join('\n'))).rejects.toThrow('not CSV from line');
  });
});

describe('what is no such file is refused before anything is read', () => {
  it('says what is wrong in one line', async () => {
    const open = async (content: string | Buffer, layout = onlineRetail) => inspect(await file(content), layout);
    await expect(inspect(tmpdir(), onlineRetail)).rejects.toThrow('is not a file');
    await expect(inspect('/no/such/file.csv', onlineRetail)).rejects.toThrow('can not be read');
    await expect(open(gzipSync(header).subarray(0, 30))).rejects.toThrow('damaged or cut off');
    await expect(open(Buffer.from([0x61, 0xa3, 0x62]), { ...onlineRetail, encoding: 'utf-8' })).rejects.toThrow('The file is not utf-8.');
    await expect(open(header, { ...onlineRetail, encoding: 'latin-99' })).rejects.toThrow('is not an encoding');
    await expect(read('a,b\n1,2\n')).rejects.toThrow('The file has no column "InvoiceNo"');
    expect(() => withColumns(onlineRetail, ['color=X'])).toThrow('is not a column mapping');
  });
});
