import fc from 'fast-check';
import {
  getNamedType,
  GraphQLBoolean,
  GraphQLNonNull,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { valueOf, variableOf, type ValueTree } from './values.ts';

/** A selection before it is written. */
export type SelectionTree =
  | {
      readonly kind: 'field';
      readonly parent: string;
      readonly name: string;
      readonly alias: number;
      readonly args: readonly (readonly [string, ValueTree])[];
      readonly conditions: readonly Condition[];
      readonly selections: readonly SelectionTree[] | undefined;
    }
  | {
      readonly kind: 'fragment';
      /** The type it applies to; undefined for an inline fragment without one. */
      readonly on: string | undefined;
      readonly named: boolean;
      /** Whether an earlier fragment on the type may take its place. */
      readonly again: boolean;
      readonly conditions: readonly Condition[];
      readonly selections: readonly SelectionTree[];
    }
  | { readonly kind: 'text'; readonly text: string };

interface Condition {
  readonly directive: 'skip' | 'include';
  readonly value: ValueTree;
}

/** Selections on a type of the schema, nested up to `depth` levels. */
export type Selections = (type: GraphQLCompositeType, depth: number) => fc.Arbitrary<SelectionTree[]>;

const condition: fc.Arbitrary<Condition> = fc.record({
  directive: fc.constantFrom('skip', 'include'),
  value: fc.oneof(
    fc.boolean().map((value): ValueTree => ({ kind: 'constant', type: GraphQLBoolean, value })),
    variableOf(new GraphQLNonNull(GraphQLBoolean)),
  ),
});
const conditions: fc.Arbitrary<Condition[]> = fc.oneof(
  { arbitrary: fc.constant<Condition[]>([]), weight: 9 },
  { arbitrary: fc.uniqueArray(condition, { minLength: 1, maxLength: 2, selector: ({ directive }) => directive }), weight: 1 },
);
const typename = fc.constantFrom('__typename', '__typename', 'kind: __typename').map((text): SelectionTree => ({ kind: 'text', text }));
const introspection = fc
  .constantFrom(
    '__schema { queryType { name } mutationType { fields { name } } }',
    '__type(name: "Query") { kind name }',
    'meta: __type(name: "NoSuchType") { name }',
    '__schema { types { ...on __Type { __typename name } } }',
  )
  .map((text): SelectionTree => ({ kind: 'text', text }));

export function selectionsOver(schema: GraphQLSchema): Selections {
  const made = new Map<string, fc.Arbitrary<SelectionTree[]>>();
  return selections;

  function selections(type: GraphQLCompositeType, depth: number): fc.Arbitrary<SelectionTree[]> {
    const key = `${type.name} ${depth}`;
    const known = made.get(key) ?? fc.array(selection(type, depth), { minLength: 1, maxLength: depth > 3 ? 4 : 3, size: 'max' });
    made.set(key, known);
    return known;
  }

  function selection(type: GraphQLCompositeType, depth: number): fc.Arbitrary<SelectionTree> {
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    const usable = fields.filter((each) => depth > 0 || !isCompositeType(getNamedType(each.type)));
    const onType = usable.map((each) => field(type, each, depth));
    return fc.oneof(
      { arbitrary: typename, weight: 1 },
      ...(type === schema.getQueryType() ? [{ arbitrary: introspection, weight: 1 }] : []),
      ...onType.map((arbitrary) => ({ arbitrary, weight: Math.max(1, Math.round(16 / onType.length)) })),
      ...(depth > 0 ? [{ arbitrary: fragment(type, depth - 1), weight: isObjectType(type) ? 3 : 14 }] : []),
    );
  }

  function field(
    parent: GraphQLCompositeType,
    { name, type, args }: GraphQLField<unknown, unknown>,
    depth: number,
  ): fc.Arbitrary<SelectionTree> {
    const named = getNamedType(type);
    const given = args.map((arg) => {
      const value = valueOf(arg.type).map((tree): readonly (readonly [string, ValueTree])[] => [[arg.name, tree]]);
      return isRequiredArgument(arg) ? value : fc.oneof(value, fc.constant([]));
    });
    return fc.record({
      kind: fc.constant('field'),
      parent: fc.constant(parent.name),
      name: fc.constant(name),
      alias: fc.oneof({ arbitrary: fc.constant(0), weight: 5 }, { arbitrary: fc.nat({ max: 3 }), weight: 1 }),
      args: fc.tuple(...given).map((found) => found.flat()),
      conditions,
      selections: isCompositeType(named) ? selections(named, depth - 1) : fc.constant(undefined),
    });
  }

  function fragment(type: GraphQLCompositeType, depth: number): fc.Arbitrary<SelectionTree> {
    const applicable = Object.values(schema.getTypeMap()).filter(
      (other) => isCompositeType(other) && !other.name.startsWith('__') && overlap(type, other),
    ) as GraphQLCompositeType[];
    const one = (on: GraphQLCompositeType | undefined) =>
      fc.record({
        kind: fc.constant('fragment'),
        on: fc.constant(on?.name),
        named: on ? fc.boolean() : fc.constant(false),
        again: fc.boolean(),
        conditions,
        selections: selections(on ?? type, depth),
      });
    return fc.oneof(...applicable.map((on) => ({ arbitrary: one(on), weight: isInterfaceType(on) ? 1 : 2 })), one(undefined));
  }

  function overlap(one: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
    const possible = (type: GraphQLCompositeType) => (isObjectType(type) ? [type] : schema.getPossibleTypes(type));
    return possible(one).some((type) => possible(other).includes(type));
  }
}
