import { money } from '@storegraph/core';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvText } from './csv.ts';

it.each([
  ['=1+1', "'=1+1"],
  ['+44 20', "'+44 20"],
  ['-5', "'-5"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['  =1+1', "'  =1+1"],
  ['＝1+1', "'＝1+1"],
  ['plain - text', 'plain - text'],
  ['Ωmega', 'Ωmega'],
])('writes the text %j as %s', (given, expected) => {
  expect(csvText([[given]])).toBe(`${expected}\r\n`);
});

it('writes text that begins with a tab or a line end behind an apostrophe', () => {
  expect(csvText([['\t1', '\r1', '\n1']])).toBe(`'\t1,"'\r1","'\n1"\r\n`);
});

it('writes numbers, amounts, instants and what is missing as they are', () => {
  const row = [
    -5,
    -7n,
    true,
    new Date('2026-11-21T10:00:00Z'),
    null,
    undefined,
    money(-1250n, 'EUR'),
    money(5n, 'EUR'),
    money(-12n, 'JPY'),
  ];
  expect(csvText([row])).toBe('-5,-7,true,2026-11-21T10:00:00.000Z,,,-12.50,0.05,-12\r\n');
  expect(csvText([])).toBe('');
});

it('gives every text back to whoever reads the file, and none begins as a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      const read: string[][] = parse(csvText(rows), { record_delimiter: '\r\n' });
      expect(read.map((row) => row.map((cell) => cell.replace(/^'(?=[\s=+\-@＝＋－＠])/, '')))).toEqual(
        rows.map((row) => row.map((cell) => cell.replace(/^'(?=[\s=+\-@＝＋－＠])/, ''))),
      );
      for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});
