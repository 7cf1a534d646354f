import {
  type GraphQLObjectType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
} from 'graphql';
import { readAccess, type AccessRule } from './access.ts';
import { isLive } from './live.ts';
import { hasDirective, keysOf, type ObjectSketch } from './sdl.ts';

const rootTypes: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** Every `@access` of a subgraph: of fields as `Type.field`, of entities as `Type`. */
export type AccessRules = ReadonlyMap<string, AccessRule>;

/** Collects the access rules, and the reasons why the subgraph must not start: whatever could be reached without one. */
export function checkAccess(
  document: DocumentNode,
  objects: ReadonlyMap<string, ObjectSketch>,
): { rules: AccessRules; mistakes: string[] } {
  const rules = new Map<string, AccessRule>();
  const mistakes: string[] = misplaced(document);

  const read = (node: Parameters<typeof hasDirective>[0], place: string) => {
    try {
      const rule = readAccess(node.directives ?? [], place);
      if (rule) rules.set(place, rule);
    } catch (error) {
      mistakes.push(error instanceof Error ? error.message : String(error));
    }
  };

  for (const object of objects.values()) {
    read(object, object.name);
    for (const field of object.fields.values()) read(field, `${object.name}.${field.name.value}`);
    mistakes.push(...unguarded(object));
  }
  return { rules, mistakes };
}

function unguarded(object: ObjectSketch): string[] {
  const { name, fields } = object;
  const open = [...fields.values()].filter((field) => !hasDirective(field, 'access'));
  if (rootTypes.has(name))
    return [...open.map((field) => `${name}.${field.name.value}: a root field needs @access.`), ...requiredQueries(object)];

  const keys = keysOf(object);
  if (keys.length === 0) return object.defined ? [] : [`${name}: extends a type that is no entity here.`];
  const resolvable = keys.some((key) => key.resolvable);
  const mistakes = resolvable && !hasDirective(object, 'access') ? [`${name}: an entity that is resolved here needs @access.`] : [];
  if (object.defined && resolvable) return mistakes;
  // Foreign: all that this subgraph may show unguarded is the key, which the owner knows, and what the owner hands over.
  const added = [...fields.values()].filter(
    (field) => !hasDirective(field, 'external') && !keys.some((key) => key.fields.has(field.name.value)),
  );
  return [...mistakes, ...added.flatMap((field) => addedMistakes(field, `${name}.${field.name.value}`))];
}

/** A null in a required root field would take the whole answer with it, other subgraphs' fields too. A mutation stands alone. */
function requiredQueries({ name, fields }: ObjectSketch): string[] {
  if (name !== 'Query') return [];
  const required = [...fields.values()].filter((field) => field.type.kind === Kind.NON_NULL_TYPE);
  return required.map((field) => `Query.${field.name.value}: must be nullable.`);
}

function addedMistakes(field: FieldDefinitionNode, place: string): string[] {
  const open = hasDirective(field, 'access') ? [] : [`${place}: a field added to a foreign entity needs @access.`];
  // While this subgraph is down, the owner's part of the entity must still be answered.
  const required = field.type.kind === Kind.NON_NULL_TYPE ? [`${place}: a field added to a foreign entity must be nullable.`] : [];
  return [...open, ...required];
}

/** On an interface the directive would guard nothing, and an entity interface would pass around the entity's own. */
function misplaced(document: DocumentNode): string[] {
  return document.definitions.flatMap((node) => {
    if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_EXTENSION) return [];
    const entity = hasDirective(node, 'key') ? [`${node.name.value}: @key on an interface is not supported.`] : [];
    const guarded = (node.fields ?? []).filter((field) => hasDirective(field, 'access'));
    return [
      ...entity,
      ...guarded.map((field) => `${node.name.value}.${field.name.value}: @access belongs on the types that implement it.`),
    ];
  });
}

/** Every mutation answers with a payload that can say why not: `userErrors: [XUserError!]!`, whose type implements UserError and has a code. */
export function checkPayloads(schema: GraphQLSchema): string[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap((field) => {
    const place = `Mutation.${field.name}`;
    const type = isNonNullType(field.type) ? field.type.ofType : undefined;
    if (!isObjectType(type)) return [`${place}: must give a non-null payload type.`];
    return hasUserErrors(type)
      ? []
      : [`${place}: ${type.name} needs userErrors: [${pascal(field.name)}UserError!]!, a UserError with a code.`];
  });
}

function hasUserErrors(payload: GraphQLObjectType): boolean {
  const list = payload.getFields()['userErrors']?.type;
  const items = isNonNullType(list) && isListType(list.ofType) ? list.ofType.ofType : undefined;
  const error = isNonNullType(items) ? items.ofType : undefined;
  if (!isObjectType(error) || !error.getInterfaces().some(({ name }) => name === 'UserError')) return false;
  const code = error.getFields()['code']?.type;
  return isNonNullType(code) && isEnumType(code.ofType);
}

export type ResolverMap = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/** Resolvers for what the SDL does not have, and SDL that nothing resolves. */
export function checkResolvers(schema: GraphQLSchema, objects: ReadonlyMap<string, ObjectSketch>, resolvers: ResolverMap): string[] {
  const strays = [...resolvers].flatMap(([typeName, fields]) => {
    const type = schema.getType(typeName);
    if (!type) return [`${typeName}: has resolvers and is not in the SDL.`];
    const known = isObjectType(type) || isInterfaceType(type) ? type.getFields() : undefined;
    return [...fields.keys()]
      .filter((field) => !field.startsWith('__') && known && !(field in known))
      .map((field) => `${typeName}.${field}: has a resolver and is not in the SDL.`);
  });
  const missing = [...objects.values()].flatMap((object) => {
    const own = resolvers.get(object.name);
    if (rootTypes.has(object.name)) {
      const unresolved = [...object.fields.keys()]
        .filter((field) => !own?.has(field))
        .map((field) => `${object.name}.${field}: has no resolver.`);
      return [...unresolved, ...(object.name === 'Subscription' ? notLive(own) : [])];
    }
    const owned = object.defined && keysOf(object).some((key) => key.resolvable);
    return owned && !own?.has('__resolveReference') ? [`${object.name}: an entity of this subgraph needs __resolveReference.`] : [];
  });
  return [...strays, ...missing];
}

const notLive = (fields: ReadonlyMap<string, unknown> = new Map()): string[] =>
  [...fields].filter(([, resolver]) => !isLive(resolver)).map(([field]) => `Subscription.${field}: needs a resolver { subscribe }.`);

const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
