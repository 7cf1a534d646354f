import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { Rows } from './world.ts';
import { valueOf } from './values.ts';

/** An operation about one place of a schema, and where its answer stands. */
export interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly path: readonly (string | number)[];
}

type Place = string;

/** Leaves and what hangs below them, two levels deep, without what needs an argument or a right of its own. */
function selection(type: GraphQLOutputType, guarded: ReadonlySet<Place>, depth = 2): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return isLeafType(named) ? '' : '{ __typename }';
  const fields = Object.values(named.getFields())
    .filter((field) => !guarded.has(`${named.name}.${field.name}`) && !field.args.some((argument) => isNonNullType(argument.type)))
    .flatMap((field) => {
      if (isLeafType(getNamedType(field.type))) return [field.name];
      return depth > 0 ? [`${field.name} ${selection(field.type, guarded, depth - 1)}`] : [];
    });
  return `{ ${['__typename', ...fields].join(' ')} }`;
}

/** The arguments that are needed, and all those that name a row: they decide what a stranger could reach. */
export function argumentsOf(field: GraphQLField<unknown, unknown>, rows: Rows): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const argument of field.args) {
    const value = build(argument, { rows, field: field.name });
    if (value !== undefined) given[argument.name] = value;
  }
  return given;
}

interface Building {
  readonly rows: Rows;
  readonly field: string;
}

function build({ name, type }: Pick<GraphQLArgument, 'name' | 'type'>, building: Building): unknown {
  const value = valueOf(building.field, name, isNonNullType(type), building.rows);
  return value === undefined ? buildType(type, name, building) : value;
}

function buildType(type: GraphQLInputType, name: string, building: Building): unknown {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isInputObjectType(inner)) {
    const entries = Object.values(inner.getFields())
      .map((field) => [field.name, build(field, building)] as const)
      .filter(([, value]) => value !== undefined);
    return isNonNullType(type) || entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  if (!isNonNullType(type)) return undefined;
  if (isListType(inner)) return [buildType(inner.ofType, name, building)];
  if (isEnumType(inner)) return inner.getValues()[0]?.name;
  throw new Error(`values.ts has no ${String(inner)} for ${building.field}.${name}`);
}

export function rootOperation(
  schema: GraphQLSchema,
  kind: 'Query' | 'Mutation' | 'Subscription',
  name: string,
  rows: Rows,
  guarded: ReadonlySet<Place>,
): Operation {
  const type = schema.getType(kind);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (!field) throw new Error(`No ${kind}.${name}`);
  const variables = argumentsOf(field, rows);
  const query = `${kind.toLowerCase()} ${header(field, variables)} { ${call(field, variables)} ${selection(field.type, guarded)} }`;
  return { query, variables, path: [name] };
}

const header = (field: GraphQLField<unknown, unknown>, variables: object) => {
  const used = field.args.filter(({ name }) => name in variables).map(({ name, type }) => `$${name}: ${String(type)}`);
  return used.length > 0 ? `(${used.join(' ')})` : '';
};
const call = (field: GraphQLField<unknown, unknown>, variables: object) => {
  const used = field.args.filter(({ name }) => name in variables).map(({ name }) => `${name}: $${name}`);
  return `${field.name}${used.length > 0 ? `(${used.join(' ')})` : ''}`;
};

/** Asks for an entity by its id: as a whole, or through the given fields for the last of them. `Query` begins at the root instead. */
export function entityOperation(
  schema: GraphQLSchema,
  entity: string,
  fields: readonly string[],
  rows: Rows,
  guarded: ReadonlySet<Place>,
): Operation {
  let type = objectType(schema, entity);
  let [opening, closing, path]: [string, string, (string | number)[]] = ['', '', entity === 'Query' ? [] : ['_entities', 0]];
  let variables: Record<string, unknown> = {};
  let variableTypes = '';
  for (const [index, name] of fields.entries()) {
    const field = type.getFields()[name];
    if (!field) throw new Error(`No ${type.name}.${name}`);
    variables = { ...variables, ...argumentsOf(field, rows) };
    variableTypes += header(field, variables).replace(/^\(|\)$/g, ' ');
    const last = index === fields.length - 1;
    opening += last ? `{ ${call(field, variables)} ${selection(field.type, guarded)}` : `{ ${call(field, variables)}`;
    closing += ' }';
    path = [...path, name];
    const next = getNamedType(field.type);
    if (isObjectType(next)) type = next;
  }
  const body = fields.length > 0 ? opening + closing : selection(type, guarded);
  if (entity === 'Query') return { query: `query ${variableTypes.trim() && `(${variableTypes})`} ${body}`, variables, path };
  const id = rows[`${entity.charAt(0).toLowerCase()}${entity.slice(1)}Id`];
  return {
    query: `query ($representations: [_Any!]! ${variableTypes}) { _entities(representations: $representations) { __typename ... on ${entity} ${body} } }`,
    variables: { ...variables, representations: [{ __typename: entity, id }] },
    path,
  };
}

function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`No type ${name}`);
  return type;
}

/** The shortest way from an entity, or else from the root, to a type over fields that need no argument, and the places that it passes. */
export function wayTo(
  schema: GraphQLSchema,
  entities: readonly string[],
  target: string,
): { entity: string; fields: string[]; places: string[] } {
  const queue = [...entities, 'Query'].map((entity) => ({ entity, type: entity, fields: [] as string[], places: [entity] }));
  const seen = new Set(entities);
  for (let at = queue.shift(); at; at = queue.shift()) {
    const { entity, type, fields, places } = at;
    if (type === target) return { entity, fields, places };
    for (const field of Object.values(objectType(schema, type).getFields())) {
      const next = getNamedType(field.type);
      if (!isObjectType(next) || seen.has(next.name) || field.args.some((argument) => isNonNullType(argument.type))) continue;
      seen.add(next.name);
      queue.push({ entity, type: next.name, fields: [...fields, field.name], places: [...places, `${type}.${field.name}`] });
    }
  }
  throw new Error(`No entity leads to ${target}`);
}
