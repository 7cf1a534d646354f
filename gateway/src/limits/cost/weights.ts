import {
  getDirectiveValues,
  getNamedType,
  GraphQLDirective,
  GraphQLInt,
  GraphQLList,
  GraphQLString,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** How many items a connection gives that is not told how many, as in every domain. */
const pageSize = 25;
/** How many items a list counts as, of which nothing says how long it is. */
const listSize = 5;
/** Of a mutation, beside what it gives. */
const mutationWeight = 10;

/** What one field of the schema costs. */
export interface FieldWeight {
  /** Once, whatever it gives. */
  readonly once: number;
  /** Of each object or value that it gives. */
  readonly each: number;
  /** Of each argument that is given. */
  readonly args: ReadonlyMap<string, number>;
  readonly size: ListSize | undefined;
}

/** Where a number of items comes from: the largest of the arguments that are given, else `assumed`. */
export interface ListSize {
  readonly args: readonly string[];
  readonly assumed: number;
  /** The fields inside that have so many items. None: the field itself is the list. */
  readonly fields: readonly string[];
}

export type Weigh = (parent: string, field: GraphQLField<unknown, unknown>) => FieldWeight;

const cost = new GraphQLDirective({ name: 'cost', locations: [], args: { weight: { type: GraphQLInt } } });
const sized = new GraphQLDirective({
  name: 'listSize',
  locations: [],
  args: {
    assumedSize: { type: GraphQLInt },
    slicingArguments: { type: new GraphQLList(GraphQLString) },
    sizedFields: { type: new GraphQLList(GraphQLString) },
  },
});

/**
 * What a supergraph says with `@cost` and `@listSize`; and where it says nothing: an object 1, a scalar or an enum 0, a mutation 10 beside what it
 * gives; of a field with `first` or `last`, that many items, else 25; of any other list, 5.
 */
export function weightsOf(supergraph: GraphQLSchema): Weigh {
  const known = new Map<string, FieldWeight>();
  const mutation = supergraph.getMutationType()?.name;
  return (parent, field) => {
    const key = `${parent}.${field.name}`;
    const weight = known.get(key) ?? weightOf(field, parent === mutation);
    known.set(key, weight);
    return weight;
  };
}

/** Every object 1 and nothing else anything: what an answer is counted by. */
export const plainly =
  (weigh: Weigh): Weigh =>
  (parent, field) => ({ once: 0, each: isLeafType(getNamedType(field.type)) ? 0 : 1, args: new Map(), size: weigh(parent, field).size });

function weightOf(field: GraphQLField<unknown, unknown>, mutates: boolean): FieldWeight {
  const named = getNamedType(field.type);
  return {
    once: mutates ? mutationWeight : 0,
    each: said(field.astNode) ?? said(named.astNode) ?? (isLeafType(named) ? 0 : 1),
    args: new Map(
      field.args.flatMap(({ name, astNode }): [string, number][] => (said(astNode) === undefined ? [] : [[name, said(astNode) ?? 0]])),
    ),
    size: declared(field) ?? page(field) ?? (isList(field.type) ? { args: [], assumed: listSize, fields: [] } : undefined),
  };
}

type Node = Parameters<typeof getDirectiveValues>[1];

function said(node: Node | null | undefined): number | undefined {
  const weight: unknown = node ? getDirectiveValues(cost, node)?.['weight'] : undefined;
  return typeof weight === 'number' ? weight : undefined;
}

function declared({ astNode, type }: GraphQLField<unknown, unknown>): ListSize | undefined {
  const values = astNode ? getDirectiveValues(sized, astNode) : undefined;
  if (!values) return undefined;
  const { assumedSize, slicingArguments, sizedFields } = values as {
    assumedSize?: number;
    slicingArguments?: string[];
    sizedFields?: string[];
  };
  return { args: slicingArguments ?? [], assumed: assumedSize ?? (isList(type) ? listSize : pageSize), fields: sizedFields ?? [] };
}

/** A connection is known by its form, without the schema saying so of each. */
function page({ args, type }: GraphQLField<unknown, unknown>): ListSize | undefined {
  const slicing = args.map(({ name }) => name).filter((name) => name === 'first' || name === 'last');
  if (slicing.length === 0) return undefined;
  const named = getNamedType(type);
  const fields = isObjectType(named)
    ? Object.values(named.getFields()).filter(({ name, type: inner }) => (name === 'nodes' || name === 'edges') && isList(inner))
    : [];
  if (fields.length === 0 && !isList(type)) return undefined;
  return { args: slicing, assumed: pageSize, fields: isList(type) ? [] : fields.map(({ name }) => name) };
}

const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);
