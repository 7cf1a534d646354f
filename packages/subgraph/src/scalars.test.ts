import fc from 'fast-check';
import { parseValue as parseLiteralText, type GraphQLScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scalars } from './scalars.ts';

const refuses = (scalar: GraphQLScalarType, inputs: readonly unknown[]) => {
  for (const input of inputs) expect(() => scalar.parseValue(input), JSON.stringify(input)).toThrow(`${scalar.name} must be `);
};
const literal = (scalar: GraphQLScalarType, source: string) => scalar.parseLiteral(parseLiteralText(source));

describe('MinorUnits', () => {
  const { MinorUnits } = scalars;

  it('is exact from input to answer over its whole range', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        expect(MinorUnits.parseValue(amount)).toBe(BigInt(amount));
        expect(literal(MinorUnits, amount === 0 ? '0' : String(amount))).toBe(BigInt(amount));
        expect(MinorUnits.serialize(BigInt(amount))).toBe(amount);
      }),
    );
  });

  it('takes no fraction, no text, and nothing that JSON can not carry exactly', () => {
    refuses(MinorUnits, [1.5, '1', '1.5', true, null, {}, Number.NaN, Infinity, 2 ** 53, -(2 ** 53)]);
    for (const source of ['1.0', '1e2', '"1"', '9007199254740992', '-9007199254740992'])
      expect(() => literal(MinorUnits, source)).toThrow('MinorUnits must be');
    expect(() => MinorUnits.serialize(2n ** 53n)).toThrow();
    expect(() => MinorUnits.serialize(1.5)).toThrow();
  });
});

describe('moments and days', () => {
  it('are real ones, and a moment has a time zone', () => {
    const { DateTime, Date: Day } = scalars;
    expect(DateTime.parseValue('2026-11-20T09:30:00+01:00')).toEqual(new Date('2026-11-20T08:30:00Z'));
    expect(DateTime.serialize(new Date('2026-11-20T08:30:00Z'))).toBe('2026-11-20T08:30:00.000Z');
    refuses(DateTime, ['2026-11-20', '2026-11-20T08:30:00', '2026-02-30T00:00:00Z', '2026-11-20T25:00:00Z', 'now', '', 0, null, {}]);
    expect(() => DateTime.serialize(new Date(Number.NaN))).toThrow();
    expect(Day.parseValue('2024-02-29')).toBe('2024-02-29');
    refuses(Day, ['2023-02-29', '2026-13-01', '20260101', '2026-1-1', '2026-01-01T00:00:00Z', 20260101, null]);
  });
});

describe('codes and names', () => {
  it('are those of their standards, as they are written there', () => {
    const { CurrencyCode, CountryCode, Locale, TimeZone, EmailAddress } = scalars;
    const known: [GraphQLScalarType, string[]][] = [
      [CurrencyCode, ['EUR', 'JPY', 'KWD']],
      [CountryCode, ['DE', 'GB']],
      [Locale, ['en', 'pt-BR']],
      [TimeZone, ['Europe/Berlin', 'UTC']],
      [EmailAddress, ['ann@example.com']],
    ];
    for (const [scalar, texts] of known) for (const text of texts) expect(scalar.parseValue(text)).toBe(text);
    refuses(CurrencyCode, ['eur', 'EURO', 'ZZZ', '', 978, null]);
    refuses(CountryCode, ['de', 'DEU', 'ZZ', '', 49, null]);
    refuses(Locale, ['english!', '', 1]);
    refuses(TimeZone, ['Europe/Atlantis', '', 1]);
    refuses(EmailAddress, ['ann', 'ann@', '@example.com', 'a b@example.com', '', 1, `${'a'.repeat(320)}@example.com`]);
  });

  it('JSONObject is an object at its top', () => {
    const { JSONObject } = scalars;
    expect(JSONObject.parseValue({ a: [1] })).toEqual({ a: [1] });
    expect(literal(JSONObject, '{ a: [1, "x", null] }')).toEqual({ a: [1, 'x', null] });
    refuses(JSONObject, [[], 'x', 1, null]);
  });
});
