import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

type Check = (value: unknown) => boolean;

/** What the gateway knows of one fetch's operation, made once from its text. */
export interface FetchShape {
  /** Whether data has lists where lists belong, objects where objects belong and types that exist: what merging and null propagation rely on. */
  readonly fits: Check;
  /** The response keys at the top, for entities those of the given type: which fields are missing when there is no answer. */
  keys(typename?: string): readonly string[];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export function fetchShape(schema: GraphQLSchema, operation: string): FetchShape {
  const document = parse(operation, { noLocation: true });
  const fragments = fragmentsOf(document);
  const definition = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const root = definition && schema.getRootType(definition.operation);
  if (!root) throw new Error('The plan has a fetch without an operation.');

  const typeOf = (parent: GraphQLCompositeType, field: string): GraphQLOutputType | undefined =>
    'getFields' in parent ? parent.getFields()[field]?.type : undefined;

  const applies = (on: string, typename: unknown): boolean => {
    if (typename === undefined || typename === on) return true;
    const [condition, type] = [schema.getType(on), typeof typename === 'string' ? schema.getType(typename) : undefined];
    return isAbstractType(condition) && isObjectType(type) && schema.isSubType(condition, type);
  };

  const typeExists: Check = (typename) =>
    typename === undefined || (typeof typename === 'string' && isCompositeType(schema.getType(typename)));

  function selection(set: SelectionSetNode, parent: GraphQLCompositeType): Check {
    const fields: [key: string, check: Check][] = [];
    const conditions: [on: string, check: Check][] = [];
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        if (!node.selectionSet) continue;
        const key = (node.alias ?? node.name).value;
        if (node.name.value === '_entities') fields.push([key, list(entity(node.selectionSet))]);
        const type = typeOf(parent, node.name.value);
        if (type) fields.push([key, output(type, node.selectionSet)]);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      const condition = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent;
      if (fragment && isCompositeType(condition)) conditions.push([condition.name, selection(fragment.selectionSet, condition)]);
    }
    return (value) =>
      isObject(value) &&
      typeExists(value['__typename']) &&
      fields.every(([key, check]) => check(value[key])) &&
      conditions.every(([on, check]) => !applies(on, value['__typename']) || check(value));
  }

  // `_Entity` stands in no supergraph; every selection on it is a fragment on a type of its own.
  const entity = (set: SelectionSetNode): Check => nullable(selection(set, root));

  function output(type: GraphQLOutputType, set: SelectionSetNode): Check {
    if (isNonNullType(type)) return output(type.ofType, set);
    if (isListType(type)) return list(output(type.ofType, set));
    const named = getNamedType(type);
    return isCompositeType(named) ? nullable(selection(set, named)) : () => true;
  }

  return {
    fits: nullable(selection(definition.selectionSet, root)),
    keys: (typename) => [...new Set(responseKeys(definition.selectionSet, fragments, applies, typename))],
  };
}

const nullable =
  (check: Check): Check =>
  (value) =>
    value === null || value === undefined || check(value);

const list = (check: Check): Check => nullable((value) => Array.isArray(value) && value.every(check));

const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));

function* responseKeys(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  applies: (on: string, typename: unknown) => boolean,
  typename: string | undefined,
): Generator<string> {
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      if (node.name.value === '_entities' && node.selectionSet) yield* responseKeys(node.selectionSet, fragments, applies, typename);
      else if (node.name.value !== '__typename') yield (node.alias ?? node.name).value;
      continue;
    }
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
    const on = fragment?.typeCondition?.name.value;
    if (fragment && (on === undefined || applies(on, typename))) yield* responseKeys(fragment.selectionSet, fragments, applies, typename);
  }
}
