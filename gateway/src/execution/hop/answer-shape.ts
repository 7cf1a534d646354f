import {
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { FetchDocument } from '../compile/fetch-document.ts';
import { isOfType } from '../compile/types.ts';
import type { FetchShape } from '../contract.ts';
import { isObject, reader, type Entity } from '../own.ts';

type Check = (value: unknown) => boolean;

interface FieldCheck {
  readonly read: (from: Entity) => unknown;
  readonly fits: Check;
}

/** Compiles what merging and null propagation rely on: lists where lists belong, objects where objects belong, and types that exist. Leaves are looked at when they are written. */
export function fetchShape(schema: GraphQLSchema, { operation, fragments }: FetchDocument): FetchShape {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error('The plan has a fetch of a root type that the supergraph does not have.');

  function selection(set: SelectionSetNode, parent: GraphQLCompositeType): Check {
    const fields: FieldCheck[] = [];
    const conditions: { readonly on: string; readonly fits: Check }[] = [];
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const fits = node.selectionSet && field(node.name.value, node.selectionSet, parent);
        if (fits) fields.push({ read: reader((node.alias ?? node.name).value), fits });
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      const condition = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent;
      if (!fragment || !isCompositeType(condition)) continue;
      const fits = selection(fragment.selectionSet, condition);
      if (fits !== anyObject) conditions.push({ on: condition.name, fits });
    }
    if (fields.length === 0 && conditions.length === 0) return anyObject;
    const typeFits = checkedTypes(conditions);
    return (value) => {
      if (!isObject(value)) return false;
      for (const { read, fits } of fields) if (!fits(read(value))) return false;
      return typeFits(value['__typename'], value);
    };
  }

  /** An object of a type that exists. */
  const anyObject: Check = (value) => isObject(value) && typeExists(value['__typename']);

  const known = new Set<unknown>([undefined]);

  function typeExists(typename: unknown): boolean {
    if (known.has(typename)) return true;
    const exists = typeof typename === 'string' && isCompositeType(schema.getType(typename));
    if (exists) known.add(typename);
    return exists;
  }

  /** The checks of the fragments that apply to a type, found once for each type that exists. */
  function checkedTypes(conditions: readonly { on: string; fits: Check }[]) {
    const perType = new Map<unknown, readonly Check[]>([[undefined, conditions.map(({ fits }) => fits)]]);
    return (typename: unknown, value: Entity): boolean => {
      let checks = perType.get(typename);
      if (!checks) {
        if (typeof typename !== 'string' || !typeExists(typename)) return false;
        checks = conditions.filter(({ on }) => isOfType(schema, typename, on)).map(({ fits }) => fits);
        perType.set(typename, checks);
      }
      for (const fits of checks) if (!fits(value)) return false;
      return true;
    };
  }

  function field(name: string, set: SelectionSetNode, parent: GraphQLCompositeType): Check | undefined {
    // `_Entity` stands in no supergraph; every selection on it is a fragment on a type of its own.
    if (name === '_entities') return list(nullable(selection(set, parent)));
    const type = 'getFields' in parent ? parent.getFields()[name]?.type : undefined;
    return type && output(type, set);
  }

  function output(type: GraphQLOutputType, set: SelectionSetNode): Check {
    if (isNonNullType(type)) return output(type.ofType, set);
    if (isListType(type)) return list(output(type.ofType, set));
    const named = getNamedType(type);
    return isCompositeType(named) ? nullable(selection(set, named)) : () => true;
  }

  return { fits: nullable(selection(operation.selectionSet, root)) };
}

const nullable =
  (check: Check): Check =>
  (value) =>
    value === null || value === undefined || check(value);

const list = (check: Check): Check =>
  nullable((value) => {
    if (!Array.isArray(value)) return false;
    for (const each of value) if (!check(each)) return false;
    return true;
  });
