import { expect, it } from 'vitest';
import { jsonText } from './text.ts';

const texts = [
  '',
  'plain',
  '"quoted"',
  'back\\slash',
  'line\nbreak',
  '\u0000\u001f\u007f',
  '\u2028\u2029',
  'ü€',
  '😀',
  '\ud83d',
  '\ude00 alone',
  '</script>',
];

it.each([
  ...texts,
  0,
  -0,
  1.5,
  1e21,
  5e-324,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Infinity,
  true,
  false,
  null,
  { a: [1, '"'] },
  [undefined],
  new Date(0),
])('writes %j as JSON does', (value) => expect(jsonText(value)).toBe(JSON.stringify(value)));

it('writes what JSON does not know as null', () => {
  for (const value of [undefined, () => 1, Symbol('s'), 1n, { toJSON: () => undefined }]) expect(jsonText(value)).toBe('null');
});
