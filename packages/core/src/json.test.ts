import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeJson, encodeJson } from './json.ts';

it('gives back every value exactly, with bigint, dates and keys that look like its own tags', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
  );
  const key = fc.oneof(fc.string(), fc.constantFrom('$bigint', '$date', '$$bigint', '$'));
  const value = fc.letrec((tie) => ({
    node: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('node')), fc.dictionary(key, tie('node'), { noNullPrototype: true })),
  })).node;
  fc.assert(fc.property(value, (v) => void expect(decodeJson(encodeJson(v))).toEqual(v)));
});
