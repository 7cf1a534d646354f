import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** What a field may hold, as narrow as the narrowest of the subgraphs that have it. */
export interface FieldFacts {
  /** Whether null may stand, outermost first: the field itself, then the items of each list around the value. */
  readonly nullable: readonly boolean[];
  readonly holds:
    | { readonly kind: 'scalar'; readonly name: string }
    | { readonly kind: 'enum'; readonly values: readonly string[] }
    | { readonly kind: 'object'; readonly types: readonly string[] };
  /** What it needs of its object. */
  readonly requires: readonly SelectionSetNode[];
}

export interface SubgraphSource {
  readonly name: string;
  readonly document: DocumentNode;
  readonly schema: GraphQLSchema;
}

/** What all subgraphs together say of the data. */
export interface Facts {
  /** The object types behind a name: itself, or what implements it anywhere. */
  concrete(name: string): readonly string[];
  /** What a field of an object may hold. `:query` and `:mutation` stand for the root types, whatever they are called. */
  field(typename: string, field: string): FieldFacts;
  isEntity(typename: string): boolean;
  /** Whether the field is (the top of) a part of a key. */
  isKey(typename: string, field: string): boolean;
}

/** The directives `name` on a type of a subgraph, extensions included. */
function directivesOn(document: DocumentNode, type: string, name: string): readonly ConstDirectiveNode[] {
  return document.definitions.flatMap((node) =>
    (node.kind === Kind.OBJECT_TYPE_DEFINITION ||
      node.kind === Kind.OBJECT_TYPE_EXTENSION ||
      node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
      node.kind === Kind.INTERFACE_TYPE_EXTENSION) &&
    node.name.value === type
      ? (node.directives ?? []).filter((directive) => directive.name.value === name)
      : [],
  );
}

/** The selection in a directive's argument `fields`. */
function fieldsOf(directive: ConstDirectiveNode): SelectionSetNode {
  const value = directive.arguments?.find(({ name }) => name.value === 'fields')?.value;
  if (value?.kind !== Kind.STRING) throw new Error('The directive has no fields.');
  const [operation] = parse(`{ ${value.value} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The fields are no selection.');
  return operation.selectionSet;
}

export const keysOf = (document: DocumentNode, type: string): readonly SelectionSetNode[] =>
  directivesOn(document, type, 'key').map(fieldsOf);

export function factsOf(subgraphs: readonly SubgraphSource[]): Facts {
  const concrete = new Map<string, Set<string>>();
  const add = (name: string, type: string) => {
    const known = concrete.get(name) ?? new Set();
    concrete.set(name, known.add(type));
  };
  const names = new Set(subgraphs.flatMap(({ schema }) => Object.keys(schema.getTypeMap())));
  const isInterfaceSomewhere = (name: string) => subgraphs.some(({ schema }) => isInterfaceType(schema.getType(name)));
  for (const { schema } of subgraphs) {
    for (const type of Object.values(schema.getTypeMap())) {
      if (isObjectType(type) && !isInterfaceSomewhere(type.name)) add(type.name, type.name);
      if (isAbstractType(type)) for (const { name } of schema.getPossibleTypes(type)) add(type.name, name);
    }
  }
  const typesBehind = (name: string) => [...(concrete.get(name) ?? [])].sort();
  /** The types by which an object of `typename` is known: an interface as well, for subgraphs that have it as an object. */
  const known = (typename: string) =>
    [...names].filter((name) => name === typename || (isInterfaceSomewhere(name) && typesBehind(name).includes(typename)));
  const objectIn = ({ schema }: SubgraphSource, typename: string) => {
    const own = known(typename)
      .map((name) => schema.getType(name))
      .filter((type) => isObjectType(type));
    return own.find((type) => type.name === typename) ?? own[0];
  };

  const cache = new Map<string, FieldFacts>();
  function field(typename: string, name: string): FieldFacts {
    const key = `${typename}.${name}`;
    const made = cache.get(key);
    if (made) return made;
    const types: { subgraph: SubgraphSource; type: GraphQLOutputType }[] = [];
    const requires: SelectionSetNode[] = [];
    for (const subgraph of subgraphs) {
      const rootKind = (['query', 'mutation'] as const).find((kind) => typename === `:${kind}`);
      const parent = rootKind ? subgraph.schema.getRootType(rootKind as never) : objectIn(subgraph, typename);
      const definition = parent?.getFields()[name];
      if (!definition) continue;
      types.push({ subgraph, type: definition.type });
      requires.push(...(definition.astNode?.directives ?? []).filter((directive) => directive.name.value === 'requires').map(fieldsOf));
    }
    const [first] = types;
    if (!first) throw new Error(`No subgraph has ${key}.`);
    const facts: FieldFacts = { nullable: nullability(types.map(({ type }) => type)), holds: holds(types), requires };
    cache.set(key, facts);
    return facts;
  }

  function holds(types: readonly { subgraph: SubgraphSource; type: GraphQLOutputType }[]): FieldFacts['holds'] {
    const named = types.map(({ subgraph, type }) => ({ subgraph, type: getNamedType(type) }));
    const enums = named.map(({ type }) => type).filter(isEnumType);
    if (enums.length > 0) return { kind: 'enum', values: common(enums.map((type) => type.getValues().map(({ name }) => name))) };
    if (named.some(({ type }) => isObjectType(type) || isAbstractType(type))) {
      return {
        kind: 'object',
        types: common(
          named.map(({ subgraph, type }) =>
            isAbstractType(type) ? subgraph.schema.getPossibleTypes(type).map(({ name }) => name) : typesBehind(type.name),
          ),
        ),
      };
    }
    return { kind: 'scalar', name: named[0]?.type.name ?? '' };
  }

  const keyFields = new Map<string, Set<string>>();
  for (const { document } of subgraphs) {
    for (const name of names) {
      for (const key of keysOf(document, name)) {
        for (const type of typesBehind(name)) {
          const fields = keyFields.get(type) ?? new Set();
          for (const node of key.selections) if (node.kind === Kind.FIELD) fields.add(node.name.value);
          keyFields.set(type, fields);
        }
      }
    }
  }
  return {
    concrete: typesBehind,
    field,
    isEntity: (typename) => keyFields.has(typename),
    isKey: (typename, name) => keyFields.get(typename)?.has(name) ?? false,
  };
}

function nullability(types: readonly GraphQLOutputType[]): boolean[] {
  const levels = types.map((type) => {
    const found: boolean[] = [];
    let at: GraphQLOutputType = type;
    for (;;) {
      found.push(!isNonNullType(at));
      if (isNonNullType(at)) at = at.ofType;
      if (!isListType(at)) return found;
      at = at.ofType;
    }
  });
  return (levels[0] ?? []).map((_, level) => levels.every((each) => each[level]));
}

function common(lists: readonly (readonly string[])[]): string[] {
  const [first = [], ...rest] = lists;
  return first.filter((value) => rest.every((list) => list.includes(value))).sort();
}
