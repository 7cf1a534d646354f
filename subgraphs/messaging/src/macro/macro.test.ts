import { describe, expect, it } from 'vitest';
import { fill, isWellFormed, variablesOf } from './macro.ts';

describe('a macro', () => {
  it('names its variables once each', () => {
    expect(variablesOf('Hello {{ name }}, {{store.name}} thanks {{name}}.')).toEqual(['name', 'store.name']);
  });

  it('takes values as plain text, also such as look like variables', () => {
    const values = new Map([
      ['name', '{{ store.name }} $1'],
      ['store.name', 'Lantern & Co'],
    ]);
    expect(fill('{{ name }} from {{ store.name }}, {{ code }}', values)).toEqual({
      content: '{{ store.name }} $1 from Lantern & Co, {{ code }}',
      missing: ['code'],
    });
  });

  it('knows nothing but variables', () => {
    expect(isWellFormed('{{ a.b }} and { that }')).toBe(true);
    for (const text of ['{{', '}} {{', '{{ a | upcase }}', '{{ constructor["x"] }}', '{{ a.b( ) }}', '{{ }}', '{{ 1a }}'])
      expect(isWellFormed(text), text).toBe(false);
    expect(fill('{{ constructor }} {{ toString }}', new Map()).missing).toEqual(['constructor', 'toString']);
  });
});
