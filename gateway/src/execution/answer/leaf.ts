import { isEnumType, isSpecifiedScalarType, type GraphQLLeafType } from 'graphql';
import { jsonText, quoted } from './text.ts';

/** A leaf's value as JSON; undefined when it is no value of its type. Not for null. */
export type LeafText = (value: unknown) => string | undefined;

const integer = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : undefined;

const specified: Readonly<Record<string, LeafText>> = {
  String: (value) => (typeof value === 'string' ? quoted(value) : undefined),
  ID: (value) => (typeof value === 'string' ? quoted(value) : integer(value)),
  Int: integer,
  Float: (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? String(value) : undefined),
};

const texts = new WeakMap<GraphQLLeafType, LeafText>();

/** How a type's values are written. Made once for each type. */
export function leafText(type: GraphQLLeafType): LeafText {
  const known = texts.get(type) ?? made(type);
  texts.set(type, known);
  return known;
}

/** A value of an enum that clients can't see is none for them. A scalar of a subgraph's own may be anything. */
function made(type: GraphQLLeafType): LeafText {
  if (isEnumType(type)) {
    const names = new Map<unknown, string>(type.getValues().map(({ name }) => [name, `"${name}"`]));
    return (value) => names.get(value);
  }
  return (isSpecifiedScalarType(type) ? specified[type.name] : undefined) ?? jsonText;
}
