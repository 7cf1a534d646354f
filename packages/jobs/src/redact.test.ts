import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { redacted, redactedObject } from './redact.ts';

describe('what is shown of a job', () => {
  it('is ids, numbers, moments and words of the program', () => {
    const data = {
      id: newId('ord'),
      uuid: '0190f5a3-1111-7abc-8def-0123456789ab',
      kind: 'ORDER_PLACED',
      day: '2026-11-20',
      at: '2026-11-20T08:30:00.000Z',
      n: 7,
      yes: true,
      none: null,
    };
    expect(redactedObject(data)).toEqual(data);
    expect(redactedObject({ name: 'Ada', mail: 'ada@example.com', secret: 'sk_abcdef' })).toEqual({ name: '…', mail: '…', secret: '…' });
  });
  it('is short, whatever the job holds', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 1000; depth += 1) deep = { deep };
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`k${String(n)}`, Array.from({ length: 100 }, () => n)]));
    expect(JSON.stringify(redactedObject({ deep, wide, 'a key with ada@example.com': 1 })).length).toBeLessThan(5_000);
    expect(redactedObject([1])).toBeNull();
    expect(redactedObject('text')).toBeNull();
  });
  it('keeps of an error what is no address, number or secret', () => {
    expect(redacted(`at place.ts:7 of ada@example.com +44 20 7946 0000 ${'x'.repeat(40)}`, { prose: true })).toBe('at place.ts:7 of … … …');
    expect(redacted('a '.repeat(1000), { prose: true })).toHaveLength(300);
  });
});
