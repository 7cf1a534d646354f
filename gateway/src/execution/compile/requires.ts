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
  /** Where all of it are scalars: reads the first of them. */
  readonly key: Read | undefined;
  /** Whether all of the scalars are the same; undefined where there is none after the first. */
  readonly others: ((one: Entity, other: Entity) => boolean) | undefined;
  /** How many members the representation has; undefined where it may hold more than scalars. */
  readonly size: number | undefined;
}

/** Compiles what a fetch requires of an entity. Which fields that are, is worked out once for each type. */
export function compileRequires(
  requires: readonly QueryPlanSelectionNode[],
  rewrites: Apply | undefined,
  schema: GraphQLSchema,
): (entity: Entity) => Representing {
  const general: Representing = { text: byObject(requires, rewrites, schema), key: undefined, others: undefined, size: undefined };
  if (rewrites) return () => general;
  const perType = new Map<unknown, Representing>();
  return (entity) => {
    const typename = entity['__typename'];
    const known = perType.get(typename);
    if (known) return known;
    // What is no type of the schema comes from a subgraph, and nothing bounds how many of those it can think of.
    if (typeof typename !== 'string' || !schema.getType(typename)) return general;
    const keys = plainKeys(requires, typename, schema);
    const made = keys ? plain(keys, typename) : general;
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

/** Enough for keys that are scalars, as nearly all are: the text is written at once. `others` are the keys beside the type's name. */
function plain(others: readonly string[], typename: string): Representing {
  const start = `{"__typename":${JSON.stringify(typename)}`;
  const fields = others.map((key, index) => ({ prefix: `${index === 0 ? start : ''},${JSON.stringify(key)}:`, read: reader(key) }));
  const [first, ...further] = fields;
  return {
    text(entity) {
      let text = '';
      for (let index = 0; index < fields.length; index += 1) {
        const { prefix, read } = fields[index] as (typeof fields)[number];
        const value = read(entity);
        if (value === undefined) return undefined;
        text += prefix + jsonText(value);
      }
      return first ? `${text}}` : `${start}}`;
    },
    key: first?.read,
    others: further.length === 0 ? undefined : (one, other) => further.every(({ read }) => read(one) === read(other)),
    size: 1 + fields.length,
  };
}

/** The response keys that one type needs beside its name, when they are all scalars of one fragment, with the type's name among them. */
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
  return keys.delete('__typename') ? [...keys] : undefined;
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
