import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { jsonText } from '../answer/text.ts';
import { isObject, own, reader, type Entity } from '../own.ts';
import { merge } from './merge.ts';
import type { Apply } from './rewrites.ts';
import { isOfType } from './types.ts';

type Read = (from: Entity) => unknown;

/** How the entities of one type are represented. */
export interface Representing {
  /** The representation as JSON text; undefined when the entity lacks what the fetch requires of it. */
  text(entity: Entity): string | undefined;
  /** Where one scalar says which entity of its type it is: reads that. */
  readonly key: Read | undefined;
  /** How many members the representation has; undefined where it may hold more than scalars. */
  readonly size: number | undefined;
}

/** Compiles what a fetch requires of an entity. Which fields that are, is worked out once for each type. */
export function compileRequires(
  requires: readonly QueryPlanSelectionNode[],
  rewrites: Apply | undefined,
  schema: GraphQLSchema,
): (entity: Entity) => Representing {
  const general: Representing = { text: byObject(requires, rewrites, schema), key: undefined, size: undefined };
  if (rewrites) return () => general;
  const perType = new Map<unknown, Representing>();
  return (entity) => {
    const typename = entity['__typename'];
    const known = perType.get(typename);
    if (known) return known;
    // What is no type of the schema comes from a subgraph, and nothing bounds how many of those it can think of.
    if (typeof typename !== 'string' || !schema.getType(typename)) return general;
    const keys = plainKeys(requires, typename, schema);
    const made = keys ? plain(keys) : general;
    perType.set(typename, made);
    return made;
  };
}

/** Whether an entity has nothing beyond its representation: two such of one representation are equal. */
export function isBare(entity: Entity, { size }: Representing): boolean {
  if (size === undefined) return false;
  let left = size;
  for (const key in entity) {
    if (typeof entity[key] === 'object') return false;
    left -= 1;
  }
  return left === 0;
}

/** Enough for keys that are scalars, as nearly all are: the text is written at once. */
function plain(keys: readonly string[]): Representing {
  const fields = keys.map((key, index) => ({ prefix: `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`, read: reader(key) }));
  const [key, ...others] = keys.filter((each) => each !== '__typename');
  return {
    text(entity) {
      let text = '';
      for (const { prefix, read } of fields) {
        const value = read(entity);
        if (value === undefined) return undefined;
        text += prefix + jsonText(value);
      }
      return `${text}}`;
    },
    key: key !== undefined && others.length === 0 ? reader(key) : undefined,
    size: keys.length,
  };
}

/** The response keys that one type needs, when they are all scalars of one fragment, with the type's name among them. */
function plainKeys(requires: readonly QueryPlanSelectionNode[], typename: string, schema: GraphQLSchema): string[] | undefined {
  const apply = requires.filter(
    (node) => node.kind === 'Field' || (node.typeCondition !== undefined && isOfType(schema, typename, node.typeCondition)),
  );
  const [only, ...others] = apply;
  if (only?.kind !== 'InlineFragment' || others.length > 0) return undefined;
  const keys = new Set<string>();
  for (const node of only.selections) {
    if (node.kind !== 'Field' || node.selections) return undefined;
    keys.add(node.alias ?? node.name);
  }
  return keys.has('__typename') ? [...keys] : undefined;
}

function byObject(
  requires: readonly QueryPlanSelectionNode[],
  rewrites: Apply | undefined,
  schema: GraphQLSchema,
): (entity: Entity) => string | undefined {
  return (entity) => {
    const representation = select(entity, requires, schema);
    if (!representation?.['__typename']) return undefined;
    rewrites?.(representation);
    return JSON.stringify(representation);
  };
}

function select(source: Entity, selections: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): Entity | null {
  const result = Object.create(null) as Entity;
  for (const node of selections) {
    if (node.kind === 'Field') {
      const key = node.alias ?? node.name;
      const value = own(source, key);
      if (value === undefined) return null;
      result[key] = node.selections ? selectValue(value, node.selections, schema) : value;
      continue;
    }
    const typename = source['__typename'];
    if (node.typeCondition === undefined || typeof typename !== 'string' || !isOfType(schema, typename, node.typeCondition)) continue;
    const inner = select(source, node.selections, schema);
    if (inner) merge(result, inner);
  }
  return result;
}

function selectValue(value: unknown, selections: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): unknown {
  if (Array.isArray(value)) return value.map((element) => selectValue(element, selections, schema));
  return isObject(value) ? select(value, selections, schema) : null;
}
