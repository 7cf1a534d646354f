import fc from 'fast-check';
import { fromUUID, toUUID, fromString } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { fromUuid, newId, parseId, toUuid } from './ids.ts';

describe('ids', () => {
  it('keep their UUID exactly, whatever it is', () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => void expect(toUuid(fromUuid('ord', uuid))).toBe(uuid)));
  });

  it('are those of the reference implementation, in both directions', () => {
    const edges = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '0189D0D2-DFC7-7B2A-9A8C-0123456789AB'];
    fc.assert(
      fc.property(fc.oneof(fc.uuid(), fc.constantFrom(...edges)), (uuid) => {
        const id = fromUuid('ord', uuid);
        expect(id).toBe(fromUUID(uuid, 'ord').toString());
        expect(toUuid(id)).toBe(toUUID(fromString(id)));
      }),
    );
  });

  it('that are none have no UUID, and what is no UUID has no id', () => {
    const [id, uuid] = [newId('ord'), toUuid(newId('ord'))];
    const noIds = [
      'ord_',
      `ord_${'i'.repeat(26)}`,
      `ord_8${'z'.repeat(25)}`,
      `_${id.slice(4)}`,
      `${id}0`,
      id.slice(0, -1),
      `ord_${'é'.repeat(26)}`,
    ] as const;
    for (const wrong of noIds) expect(() => toUuid(wrong as typeof id)).toThrow('Not an id');
    for (const wrong of [
      '',
      'x',
      uuid.replaceAll('-', ''),
      uuid.replace('-', '0'),
      `${uuid.slice(0, -1)}g`,
      `${uuid}0`,
      `${uuid.slice(0, -1)}é`,
    ])
      expect(() => fromUuid('ord', wrong)).toThrow('Not a UUID');
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
