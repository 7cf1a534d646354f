import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { ListSize, Weigh } from './weights.ts';

/** More fields than this are looked at only where types within types multiply: such an operation has no bound. */
const mostFields = 50_000;
/** What is larger says no more, and infinity times nothing is no number. */
const mostItems = 1e9;

export type Variables = Readonly<Record<string, unknown>>;

/** A cost that is known, or that depends on variables. */
type Cost = number | ((variables: Variables) => number);

/**
 * What an operation costs with variables, as a client sent them. The document is valid, keeps the limits (fragments don't spread themselves) and has the
 * operation. Introspection is free. Fields that merge count once; of an abstract type, the most expensive object counts; `@skip` and `@include` are heeded.
 */
export function estimate(
  schema: GraphQLSchema,
  weigh: Weigh,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (variables: Variables) => number {
  const root = schema.getRootType(operation.operation);
  if (!root) return () => 0;
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  const cost = costs(schema, weigh, fragments)([operation.selectionSet], root, undefined);
  if (typeof cost === 'number') return () => cost;
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, literal(defaultValue)] as const] : [],
    ),
  );
  return (variables) => cost({ ...defaults, ...variables });
}

/** The size that the field around gives to fields of these names. */
interface Sized {
  readonly fields: readonly string[];
  readonly size: Cost;
}

function costs(schema: GraphQLSchema, weigh: Weigh, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  let looked = 0;

  function ofType(sets: readonly SelectionSetNode[], type: GraphQLCompositeType, sized: Sized | undefined): Cost {
    if (isObjectType(type)) return ofObject(sets, type, sized);
    // Objects on which the same fragments apply cost the same, as far as the interface goes.
    const conditions = [...new Set(sets.flatMap((set) => [...conditionsIn(set)]))];
    const representatives = new Map(
      schema.getPossibleTypes(type).map((object) => [conditions.map((on) => applies(on, object)).join(), object] as const),
    );
    return most([...representatives.values()].map((object) => ofObject(sets, object, sized)));
  }

  function ofObject(sets: readonly SelectionSetNode[], type: GraphQLObjectType, sized: Sized | undefined): Cost {
    const collected = new Map<string, Collected[]>();
    for (const set of sets) collect(set, type, [], collected);
    return sum([...collected.values()].map((group) => ofField(group, type, sized)));
  }

  interface Collected {
    readonly node: FieldNode;
    readonly conditions: readonly DirectiveNode[];
  }

  function collect(set: SelectionSetNode, type: GraphQLObjectType, outer: readonly DirectiveNode[], into: Map<string, Collected[]>): void {
    for (const node of set.selections) {
      const conditions = [...outer, ...(node.directives ?? []).filter(({ name }) => name.value === 'skip' || name.value === 'include')];
      if (node.kind === Kind.FIELD) {
        const key = (node.alias ?? node.name).value;
        const group = into.get(key);
        if (group) group.push({ node, conditions });
        else into.set(key, [{ node, conditions }]);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      const on = fragment?.typeCondition?.name.value;
      if (fragment && (on === undefined || applies(on, type))) collect(fragment.selectionSet, type, conditions, into);
    }
  }

  function ofField(group: readonly Collected[], parent: GraphQLObjectType, sized: Sized | undefined): Cost {
    const node = group[0]?.node;
    const field = node && parent.getFields()[node.name.value];
    if (!field) return 0;
    looked += 1;
    if (looked > mostFields) return Infinity;
    const { once, each, args, size } = weigh(parent.name, field);
    const type = getNamedType(field.type);
    const items = size && itemsOf(size, node);
    const inner = isCompositeType(type)
      ? ofType(
          group.flatMap(({ node: { selectionSet } }) => selectionSet ?? []),
          type,
          items !== undefined && size ? { fields: size.fields, size: items } : undefined,
        )
      : 0;
    const given = (node.arguments ?? []).reduce((total, { name }) => total + (args.get(name.value) ?? 0), 0);
    const many = sized?.fields.includes(field.name) ? sized.size : size?.fields.length === 0 && items !== undefined ? items : 1;
    return when(group, sum([once + given, times(many, sum([each, inner]))]));
  }

  const applies = (on: string, object: GraphQLObjectType): boolean => {
    const condition = schema.getType(on);
    return condition === object || (isAbstractType(condition) && schema.isSubType(condition, object));
  };

  function* conditionsIn(set: SelectionSetNode): Generator<string> {
    for (const node of set.selections) {
      const fragment =
        node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node.kind === Kind.INLINE_FRAGMENT ? node : undefined;
      if (!fragment) continue;
      if (fragment.typeCondition) yield fragment.typeCondition.name.value;
      yield* conditionsIn(fragment.selectionSet);
    }
  }

  return ofType;
}

const at = (cost: Cost, variables: Variables): number => (typeof cost === 'number' ? cost : cost(variables));

function sum(parts: readonly Cost[]): Cost {
  let known = 0;
  const open: ((variables: Variables) => number)[] = [];
  for (const part of parts) {
    if (typeof part === 'number') known += part;
    else open.push(part);
  }
  return open.length === 0 ? known : (variables) => open.reduce((total, part) => total + part(variables), known);
}

const times = (many: Cost, one: Cost): Cost =>
  typeof many === 'number' && typeof one === 'number' ? many * one : (variables) => at(many, variables) * at(one, variables);

const most = (parts: readonly Cost[]): Cost =>
  parts.every((part) => typeof part === 'number')
    ? Math.max(0, ...parts)
    : (variables) => Math.max(0, ...parts.map((part) => at(part, variables)));

/** The cost, where one of the nodes that ask for it is included. */
function when(group: readonly { conditions: readonly DirectiveNode[] }[], cost: Cost): Cost {
  if (cost === 0 || group.some(({ conditions }) => conditions.length === 0)) return cost;
  const holds = ({ name, arguments: [condition] = [] }: DirectiveNode, variables: Variables): boolean =>
    (condition ? valueOf(condition.value, variables) : undefined) === (name.value === 'include');
  return (variables) => (group.some(({ conditions }) => conditions.every((each) => holds(each, variables))) ? at(cost, variables) : 0);
}

/** Of what is no number the domain will say so; until then it counts as if nothing was asked. */
function itemsOf({ args, assumed }: ListSize, { arguments: given = [] }: FieldNode): Cost {
  const values = given.filter(({ name }) => args.includes(name.value)).map(({ value }) => value);
  const items = (variables: Variables): number => {
    const sizes = values.map((value) => valueOf(value, variables)).filter((size) => typeof size === 'number');
    return sizes.length === 0 ? assumed : Math.min(mostItems, Math.max(0, ...sizes));
  };
  return values.some(({ kind }) => kind === Kind.VARIABLE) ? items : items({});
}

function valueOf(node: ValueNode, variables: Variables): unknown {
  return node.kind === Kind.VARIABLE ? variables[node.name.value] : literal(node);
}

function literal(node: ValueNode): unknown {
  if (node.kind === Kind.INT) return Number(node.value);
  return node.kind === Kind.BOOLEAN ? node.value : undefined;
}
