import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import { newId } from '@storegraph/core';

type Input = Readonly<Record<string, unknown>>;

/** A request that nobody should send, and what is wrong with it. */
export interface Malformed {
  readonly what: string;
  readonly input: unknown;
}

const long = 'x'.repeat(100_000);
const texts: readonly [string, unknown][] = [
  ['100 kB of text', long],
  ['a NUL', 'a\u0000b'],
  ['half a surrogate pair', 'a\ud800b'],
  ['a number for a text', 12],
  ['an object for a text', { a: 1 }],
];

/** Ids that a domain keeps as its client gives them: no catalogue is there yet to know them. */
const opaque = new Set(['productId', 'variantId']);

/** Values that a field of that type can't have. */
function wrongValues(name: string, type: GraphQLInputType, foreign: unknown): readonly [string, unknown][] {
  const named = getNamedType(type);
  if (isListType(getNullableType(type))) return [['an object for a list', { a: 1 }]];
  if (isInputObjectType(named))
    return [
      ['a text for an object', 'x'],
      ['a field that is not there', { nonsense: 1 }],
    ];
  if (isEnumType(named))
    return [
      ['an unknown value', 'NONSENSE'],
      ['a number for a value', 1],
    ];
  if (opaque.has(name)) return texts.filter(([, value]) => typeof value !== 'number');
  switch (named.name) {
    case 'ID':
      return [
        ['no id', 'nonsense'],
        ['100 kB of text', long],
        ['a NUL', 'a\u0000b'],
        ['an id of another kind', newId('zzz')],
        ['an object for an id', { a: 1 }],
        ...(foreign === undefined ? [] : ([['an id of another store', foreign]] satisfies [string, unknown][])),
      ];
    case 'Int':
      return [
        ['a negative number', -1],
        ['a number out of range', 2 ** 31],
        ['a fraction', 1.5],
        ['a text for a number', '1'],
      ];
    case 'MinorUnits':
      return [
        ['a negative amount', -1],
        ['an amount beyond exactness', 2 ** 53],
        ['a fraction', 1.5],
        ['a text for an amount', '1'],
      ];
    case 'JSONObject':
      return [
        ['a text for an object', 'x'],
        ['a list for an object', [1]],
        ['100 kB of text', { a: long }],
        ['a NUL', { a: 'a\u0000b' }],
        ['half a surrogate pair', { a: 'a\ud800b' }],
        ['a NUL in a key', { 'a\u0000b': 'a' }],
      ];
    case 'Boolean':
      return [['a text for a truth', 'true']];
    case 'DateTime':
      return [
        ['no moment', 'yesterday'],
        ['100 kB of text', long],
        ['a number for a moment', 12],
      ];
    default:
      return texts;
  }
}

/** One mistake at a time, everywhere in the input. `foreign` gives the id of another store's row for a field's name. */
export function malformed(type: GraphQLInputObjectType, good: Input, foreign: Input, at = ''): Malformed[] {
  return Object.values(type.getFields()).flatMap(({ name, type: fieldType }) => {
    const place = at === '' ? name : `${at}.${name}`;
    const set = (value: unknown) => ({ ...good, [name]: value });
    const wrong = wrongValues(name, fieldType, foreign[name]).map(([what, value]) => ({ what: `${what} as ${place}`, input: set(value) }));
    const { [name]: left, ...without } = good;
    const lacking = isNonNullType(fieldType)
      ? [
          { what: `no ${place}`, input: without },
          { what: `null as ${place}`, input: set(null) },
        ]
      : [];
    return [...wrong, ...lacking, ...nested(fieldType, left, foreign, place).map(({ what, input }) => ({ what, input: set(input) }))];
  });
}

/** The mistakes inside an object, or inside the one item of a list. */
function nested(type: GraphQLInputType, good: unknown, foreign: Input, place: string): Malformed[] {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    const items = Array.isArray(good) ? (good as unknown[]) : [];
    const empty = isNonNullType(type) ? [{ what: `no item in ${place}`, input: [] }] : [];
    return [...empty, ...nested(inner.ofType, items[0], foreign, place).map(({ what, input }) => ({ what, input: [input] }))];
  }
  if (!isInputObjectType(inner)) return [];
  return malformed(inner, typeof good === 'object' && good !== null ? (good as Input) : {}, foreign, place);
}
