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
  valueFromASTUntyped,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { z } from 'zod';

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

/** The directives that say what costs how much, under the names that a supergraph has for them. */
interface Directives {
  readonly cost: GraphQLDirective;
  readonly sized: GraphQLDirective;
}

/**
 * What the supergraph calls them: composition keeps the names under which the subgraphs imported them, and notes them with a link to the specification
 * (https://specs.apollo.dev/link/v1.0). What it does not import stands under the specification's own name.
 */
function directivesOf(supergraph: GraphQLSchema): Directives {
  const links = [supergraph.astNode, ...supergraph.extensionASTNodes].flatMap((node) => node?.directives ?? []);
  const link = links
    .filter(({ name }) => name.value === 'link')
    .map(
      ({ arguments: given = [] }) =>
        z.object(linkShape).safeParse(Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]))).data,
    )
    .find((each) => /\/cost\/v\d/.test(each?.url ?? ''));
  const space = link?.as ?? 'cost';
  const imports = new Map(
    (link?.import ?? []).map((each) => (typeof each === 'string' ? [each, each] : [each.name, each.as ?? each.name])),
  );
  const nameOf = (name: string, otherwise: string) => imports.get(`@${name}`)?.slice(1) ?? otherwise;
  return {
    cost: new GraphQLDirective({ name: nameOf('cost', space), locations: [], args: { weight: { type: GraphQLInt } } }),
    sized: new GraphQLDirective({
      name: nameOf('listSize', link ? `${space}__listSize` : 'listSize'),
      locations: [],
      args: {
        assumedSize: { type: GraphQLInt },
        slicingArguments: { type: new GraphQLList(GraphQLString) },
        sizedFields: { type: new GraphQLList(GraphQLString) },
      },
    }),
  };
}

const linkShape = {
  url: z.string(),
  as: z.string().nullish(),
  import: z.array(z.union([z.string(), z.object({ name: z.string(), as: z.string().nullish() })])).nullish(),
};

/**
 * What a supergraph says with `@cost` and `@listSize`; and where it says nothing: an object 1, a scalar or an enum 0, a mutation 10 beside what it
 * gives; of a field with `first` or `last`, that many items, else 25; of any other list, 5.
 */
export function weightsOf(supergraph: GraphQLSchema): Weigh {
  const known = new Map<string, FieldWeight>();
  const mutation = supergraph.getMutationType()?.name;
  const directives = directivesOf(supergraph);
  return (parent, field) => {
    const key = `${parent}.${field.name}`;
    const weight = known.get(key) ?? weightOf(field, parent === mutation, directives);
    known.set(key, weight);
    return weight;
  };
}

/** Every object 1 and nothing else anything: what an answer is counted by. */
export const plainly =
  (weigh: Weigh): Weigh =>
  (parent, field) => ({ once: 0, each: isLeafType(getNamedType(field.type)) ? 0 : 1, args: new Map(), size: weigh(parent, field).size });

function weightOf(field: GraphQLField<unknown, unknown>, mutates: boolean, { cost, sized }: Directives): FieldWeight {
  const said = (node: Node | null | undefined) => weightSaid(cost, node);
  const named = getNamedType(field.type);
  return {
    once: mutates ? mutationWeight : 0,
    each: said(field.astNode) ?? said(named.astNode) ?? (isLeafType(named) ? 0 : 1),
    args: new Map(
      field.args.flatMap(({ name, astNode }): [string, number][] => (said(astNode) === undefined ? [] : [[name, said(astNode) ?? 0]])),
    ),
    size: declared(sized, field) ?? page(field) ?? (isList(field.type) ? { args: [], assumed: listSize, fields: [] } : undefined),
  };
}

type Node = Parameters<typeof getDirectiveValues>[1];

function weightSaid(cost: GraphQLDirective, node: Node | null | undefined): number | undefined {
  const weight: unknown = node ? getDirectiveValues(cost, node)?.['weight'] : undefined;
  return typeof weight === 'number' ? weight : undefined;
}

function declared(sized: GraphQLDirective, { astNode, type }: GraphQLField<unknown, unknown>): ListSize | undefined {
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
