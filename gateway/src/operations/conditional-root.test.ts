import { expect, it } from 'vitest';
import { hasConditionalRoot } from './conditional-root.ts';

const found = (text: string) => hasConditionalRoot(text, {});
const variable = 'subscription ($a: Boolean!)';

it.each([
  ['on the field', `${variable} { ticks @skip(if: $a) }`],
  ['on a fragment around it', `${variable} { ... on Subscription @include(if: $a) { ticks } }`],
  [
    'in a fragment of a fragment',
    `${variable} { ...A } fragment A on Subscription { ...B } fragment B on Subscription { ticks @include(if: $a) }`,
  ],
  ['behind a comma, which is blank', `${variable} { ticks @,skip(if: $a) }`],
  ['behind a comment', `${variable} { ticks @ # why not\ninclude(if: $a) }`],
  ['in any operation of the document', `query A { a } ${variable} { ticks @skip(if: $a) }`],
])('finds what may leave out the field of a subscription: %s', (_, text) => {
  expect(found(text)).toBe(true);
});

it.each([
  ['below the field', `${variable} { ticks { number @skip(if: $a) } }`],
  ['in a query', 'query ($a: Boolean!) { subscription @skip(if: $a) }'],
  ['in a fragment that nobody spreads', `${variable} { ticks } fragment A on Subscription { ticks @skip(if: $a) }`],
  ['as fields of that name', 'subscription { ticks { skip include } }'],
  ['in fragments that spread each other', 'subscription { ...A } fragment A on Subscription { ...A } # @skip'],
  ['in what is no document', 'subscription { ticks @skip(if: '],
])('finds nothing %s', (_, text) => {
  expect(found(text)).toBe(false);
});
