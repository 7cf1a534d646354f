import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUuid, newId, parseId, toUuid } from './ids.ts';

describe('ids', () => {
  it('keep their UUID exactly, whatever it is', () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => void expect(toUuid(fromUuid('ord', uuid))).toBe(uuid)));
  });

  it('made later sort later', async () => {
    const first = newId('ord');
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(newId('ord') > first).toBe(true);
  });

  it('of another kind or shape are not read', () => {
    const id = newId('ord');
    expect(parseId('ord', id)).toBe(id);
    for (const wrong of [newId('cus'), id.slice(0, -1), `${id}0`, id.toUpperCase(), 'ord_', 'ord', '', 7, null, `ord_8${'z'.repeat(25)}`]) {
      expect(parseId('ord', wrong)).toBeUndefined();
    }
  });
});
