import {
  Kind,
  parse,
  valueFromASTUntyped,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import type { Entity, Subgraph } from './subgraph.ts';

type Variables = Readonly<Record<string, unknown>>;
type Answer = (variables: Variables) => unknown;

interface Field {
  readonly key: string;
  readonly name: string;
  argumentsFrom(variables: Variables): Variables;
  readonly selection: Selection | undefined;
}

/** The fields that are selected on objects of a type. Types are concrete in this graph: a fragment is on that type, or not. */
type Selection = (typename: string) => readonly Field[];

/** Compiles an operation once, so that the subgraph is never what a gateway waits for. Gives what answers it with each request's variables. */
export function compileOperation(subgraph: Subgraph, query: string): Answer {
  const { definitions } = parse(query, { noLocation: true });
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  const operation = definitions.find((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('There is no operation.');
  const selection = selectionOf(operation.selectionSet.selections, fragments);
  const root: Entity = {
    __typename: 'Query',
    ...subgraph.query,
    _entities: ({ representations }: Variables) => (representations as Entity[]).map(subgraph.entity),
  };
  return (variables) => ({ data: selected(root, selection, variables) });
}

function selectionOf(nodes: readonly SelectionNode[], fragments: ReadonlyMap<string, FragmentDefinitionNode>): Selection {
  const known = new Map<string, readonly Field[]>();
  return (typename) => {
    const fields = known.get(typename) ?? fieldsOn(typename, nodes, fragments);
    known.set(typename, fields);
    return fields;
  };
}

function fieldsOn(typename: string, nodes: readonly SelectionNode[], fragments: ReadonlyMap<string, FragmentDefinitionNode>): Field[] {
  const byKey = new Map<string, FieldNode[]>();
  const collect = (node: SelectionNode): void => {
    if (node.directives?.length) throw new Error('Directives are not part of this benchmark.');
    if (node.kind === Kind.FIELD) {
      const key = (node.alias ?? node.name).value;
      byKey.set(key, [...(byKey.get(key) ?? []), node]);
      return;
    }
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
    const on = fragment?.typeCondition?.name.value;
    if (fragment && (on === undefined || on === typename)) fragment.selectionSet.selections.forEach(collect);
  };
  nodes.forEach(collect);
  return [...byKey].map(([key, same]) => {
    const inner = same.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
    const [first] = same;
    return {
      key,
      name: first?.name.value ?? key,
      argumentsFrom: argumentsOf(first),
      selection: inner.length > 0 ? selectionOf(inner, fragments) : undefined,
    };
  });
}

function argumentsOf(field: FieldNode | undefined): Field['argumentsFrom'] {
  const given = field?.arguments ?? [];
  if (given.length === 0) return () => ({});
  return (variables) => Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]));
}

function selected(object: Entity, selection: Selection, variables: Variables): Record<string, unknown> {
  const answer: Record<string, unknown> = {};
  for (const field of selection(object.__typename)) {
    const own = object[field.name];
    const value: unknown = typeof own === 'function' ? (own as Answer)(field.argumentsFrom(variables)) : own;
    answer[field.key] = field.selection ? completed(value, field.selection, variables) : (value ?? null);
  }
  return answer;
}

const completed = (value: unknown, selection: Selection, variables: Variables): unknown =>
  Array.isArray(value)
    ? value.map((item) => completed(item, selection, variables))
    : value === undefined || value === null
      ? null
      : selected(value as Entity, selection, variables);
