import {
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { isSelected, type Switches } from '../compile/conditions.ts';
import { isOfType } from '../compile/types.ts';

/** What a client asked of one object: selection sets that merge, because one response key may be asked for several times. */
export type Asked = readonly { readonly set: SelectionSetNode; readonly parent: GraphQLCompositeType }[];

export type AskedField =
  | {
      readonly kind: 'typename';
      readonly key: string;
      /** When the object does not say itself; undefined where that leaves it open. */ readonly otherwise: string | undefined;
    }
  | { readonly kind: 'introspection'; readonly key: string; readonly nodes: readonly FieldNode[] }
  | { readonly kind: 'data'; readonly key: string; readonly type: GraphQLOutputType; readonly asked: Asked };

/** Reads a client's operation as it stands for one choice of its switches. */
export interface ShapeReader {
  readonly schema: GraphQLSchema;
  /** The fields of an object, in the order of their first mention. `typename` undefined stands for an object that does not say its type. */
  fields(asked: Asked, typename: string | undefined): readonly AskedField[];
}

export function shapeReader(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  switches: Switches,
): ShapeReader {
  const known = new WeakMap<Asked, Map<string | undefined, readonly AskedField[]>>();
  return {
    schema,
    fields(asked, typename) {
      const perType = known.get(asked) ?? new Map<string | undefined, readonly AskedField[]>();
      known.set(asked, perType);
      const found = perType.get(typename) ?? fieldsOf(asked, typename);
      perType.set(typename, found);
      return found;
    },
  };

  function fieldsOf(asked: Asked, typename: string | undefined): readonly AskedField[] {
    const fields = new Map<string, FieldUnderWay>();
    const spread = new Set<string>();
    // An object that does not say its type is of the field's own type, where that leaves nothing open.
    for (const { set, parent } of asked) collect(set, parent, typename ?? (isObjectType(parent) ? parent.name : undefined), fields, spread);
    return [...fields.values()];
  }

  function collect(
    set: SelectionSetNode,
    parent: GraphQLCompositeType,
    typename: string | undefined,
    into: Map<string, FieldUnderWay>,
    spread: Set<string>,
  ): void {
    for (const node of set.selections) {
      if (!isSelected(node.directives, switches)) continue;
      if (node.kind === Kind.FIELD) {
        add(node, parent, into);
        continue;
      }
      if (node.kind === Kind.FRAGMENT_SPREAD && spread.has(node.name.value)) continue;
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      const condition = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent;
      if (!fragment || !isCompositeType(condition)) continue;
      if (!isOfType(schema, typename ?? parent.name, condition.name)) continue;
      if (node.kind === Kind.FRAGMENT_SPREAD) spread.add(node.name.value);
      collect(fragment.selectionSet, condition, typename, into, spread);
    }
  }

  function add(node: FieldNode, parent: GraphQLCompositeType, into: Map<string, FieldUnderWay>): void {
    const key = (node.alias ?? node.name).value;
    const before = into.get(key);
    const name = node.name.value;
    if (name === '__typename') {
      if (!before) into.set(key, { kind: 'typename', key, otherwise: isObjectType(parent) ? parent.name : undefined });
    } else if (name === '__schema' || name === '__type') {
      if (before?.kind === 'introspection') before.nodes.push(node);
      else into.set(key, { kind: 'introspection', key, nodes: [node] });
    } else {
      const type = fieldType(parent, name);
      if (!type) return;
      const field = before?.kind === 'data' ? before : { kind: 'data' as const, key, type, asked: [] };
      into.set(key, field);
      const named: GraphQLNamedType = getNamedType(type);
      if (node.selectionSet && isCompositeType(named)) field.asked.push({ set: node.selectionSet, parent: named });
    }
  }
}

type FieldUnderWay =
  | Extract<AskedField, { kind: 'typename' }>
  | { kind: 'introspection'; key: string; nodes: FieldNode[] }
  | { kind: 'data'; key: string; type: GraphQLOutputType; asked: Asked[number][] };

const fieldType = (parent: GraphQLCompositeType, name: string): GraphQLOutputType | undefined =>
  'getFields' in parent ? parent.getFields()[name]?.type : undefined;
