import { fail, newId, ok } from '@storegraph/core';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { idempotencyKey, idOf, jsonObject, multiline, readId, refusals, text, validate } from './input.ts';

const input = z.object({
  name: text(5),
  note: multiline(20).nullish(),
  size: z.enum(['S', 'M']),
  count: z.int().min(1).max(9),
  tags: z.array(text(3)).max(2),
  address: z.object({ city: text(10) }).nullish(),
});
const good = { name: 'Ann', size: 'S', count: 1, tags: [] };

/** The problems of a good input with these changes, as `code field`. */
function problems(changes: object): string[] {
  const result = validate(input, { ...good, ...changes });
  return result.ok ? [] : result.problems.map(({ code, field }) => `${code} ${field?.join('.') ?? '-'}`);
}

it('every problem has its code and the path of its field', () => {
  expect(problems({})).toEqual([]);
  expect(problems({ name: undefined })).toEqual(['REQUIRED name']);
  expect(problems({ name: null })).toEqual(['REQUIRED name']);
  expect(problems({ name: ' \t ' })).toEqual(['REQUIRED name']);
  expect(problems({ size: undefined })).toEqual(['REQUIRED size']);
  expect(problems({ name: 'abcdef' })).toEqual(['TOO_LONG name']);
  expect(problems({ name: 7 })).toEqual(['INVALID name']);
  expect(problems({ size: 'L' })).toEqual(['INVALID size']);
  expect(problems({ count: 0 })).toEqual(['INVALID count']);
  expect(problems({ count: 10 })).toEqual(['INVALID count']);
  expect(problems({ tags: ['a', 'b', 'c'] })).toEqual(['TOO_LONG tags']);
  expect(problems({ tags: ['a', 'bbbb'] })).toEqual(['TOO_LONG tags.1']);
  expect(problems({ address: { city: '' } })).toEqual(['REQUIRED address.city']);
  expect(problems({ name: '', count: 'x' })).toEqual(['REQUIRED name', 'INVALID count']);
  const nothing = validate(input, null);
  expect(nothing.ok ? [] : nothing.problems).toEqual([{ code: 'REQUIRED', message: 'Is required.', field: null }]);
});

it('text is trimmed and composed, and what a database or a mail header can not hold is refused', () => {
  expect(validate(text(5), '  e\u0301  ')).toEqual(ok('\u00e9'));
  for (const bad of ['a\u0000b', 'a\nb', 'a\rb', 'a\u0085b', '\ud800'])
    expect(validate(text(5), bad)).toMatchObject({ problems: [{ code: 'INVALID' }] });
  expect(validate(multiline(5), 'a\r\n\tb')).toEqual(ok('a\r\n\tb'));
  expect(validate(multiline(5), 'a\u0000')).toMatchObject({ problems: [{ code: 'INVALID' }] });
});

it('an id that is none of its kind reads as one that no row has', () => {
  const id = newId('ord');
  expect(readId('ord', id)).toBe(id);
  for (const other of [newId('cus'), 'x', '', null, 7, `${id}x`]) expect(readId('ord', other)).toBe('ord_00000000000000000000000000');
  expect(validate(idOf('ord'), 'nonsense')).toEqual(ok('ord_00000000000000000000000000'));
});

it('a key of idempotency is visible ASCII of at most 255 characters', () => {
  for (const key of ['a', 'x'.repeat(255), 'store:1~2']) expect(validate(idempotencyKey, key)).toEqual(ok(key));
  const codes = ['', 'x'.repeat(256), 'a b', 'é', 'a\n']
    .map((key) => validate(idempotencyKey, key))
    .map((result) => (result.ok ? null : result.problems[0]?.code));
  expect(codes).toEqual(['REQUIRED', 'TOO_LONG', 'INVALID', 'INVALID', 'INVALID']);
});

it('free JSON is an object of a limited size', () => {
  expect(validate(jsonObject(20), { a: [1, { b: null }] })).toEqual(ok({ a: [1, { b: null }] }));
  expect(validate(jsonObject(50), { a: '\\u0000 \\\\ud800 😀' })).toEqual(ok({ a: '\\u0000 \\\\ud800 😀' }));
  expect(validate(jsonObject(20), { a: 'é'.repeat(10) })).toMatchObject({ problems: [{ code: 'TOO_LONG' }] });
  for (const bad of [[], 'x', { a: '\u0000' }, { '\u0000': 1 }, { a: '\ud800' }, { '\udfff': 1 }, { a: '\\\u0000' }])
    expect(validate(jsonObject(50), bad)).toMatchObject({ problems: [{ code: 'INVALID' }] });
});

it('problems of several checks are told together', () => {
  const [first, second] = [fail('INVALID', 'a', ['a']), fail('TAKEN', 'b', ['b'])];
  expect(refusals(ok(1), first, second)).toEqual({ ok: false, problems: [...first.problems, ...second.problems] });
  expect(refusals(ok(1))).toBeUndefined();
});
