import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { country, currency, email, locale, optional, timezone, validate } from '../src/index.ts';

const given = (schema: z.ZodType, value: unknown) => {
  const result = validate(z.object({ field: schema }), { field: value });
  return result.ok ? result.value.field : result.problems.map((problem) => problem.code);
};

describe('the fields that every domain reads alike', () => {
  it.each([
    ['an e-mail address, in one form', email, '  Ada@Example.COM ', 'ada@example.com'],
    ['a country, in capitals', country, ' gb', 'GB'],
    ['a currency', currency, 'EUR', 'EUR'],
    ['a language, in its canonical form', locale, 'PT-br', 'pt-BR'],
    ['a time zone', timezone, 'Europe/London', 'Europe/London'],
    ['blanks for nothing', optional(country), '   ', null],
  ])('take %s', (_, schema, value, read) => expect(given(schema, value)).toBe(read));

  it.each([
    ['nothing at all', country, '', ['REQUIRED']],
    ['a country that ISO has retired', country, 'DD', ['INVALID']],
    ['a currency in small letters', currency, 'eur', ['INVALID']],
    ['an offset for a time zone', timezone, '+01:00', ['INVALID']],
    ['a language that is none', locale, 'x_y', ['INVALID']],
    ['an e-mail address beyond 254 characters', email, `${'a'.repeat(250)}@x.de`, ['TOO_LONG']],
  ])('refuse %s', (_, schema, value, codes) => expect(given(schema, value)).toEqual(codes));
});
