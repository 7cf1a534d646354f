import {
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { overlappingPairs } from './overlaps.ts';

export interface DocumentLimits {
  /** Of the document's text. What is long belongs into variables. */
  readonly characters: number;
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Root fields of a mutation, each of which is done for itself. */
  readonly mutations: number;
  readonly directives: number;
  /** Selections after fragments are spread: what the planner will see. */
  readonly selections: number;
  /** Pairs of fields that stand for one response key, and of fragments in one place: what has to be compared to merge them. */
  readonly overlaps: number;
  readonly operations: number;
  readonly fragments: number;
  /** Variables of one operation. */
  readonly variableDefinitions: number;
  /** Lists and objects within each other, in arguments and default values. */
  readonly valueDepth: number;
  /** Items of one list, and fields of one object, in arguments and default values. */
  readonly items: number;
  /** How many objects introspection would give of a schema of usual size: its lists within lists, multiplied. */
  readonly introspection: number;
}

/**
 * Roomy for what front ends send (introspection by GraphiQL is 15 deep and comes to 66,000 objects), tight for what only an attacker would. Planning takes some
 * 0.04 ms for each selection: `selections` holds it.
 */
export const defaultDocumentLimits: DocumentLimits = {
  characters: 60_000,
  tokens: 4_000,
  depth: 20,
  aliases: 60,
  rootFields: 30,
  mutations: 10,
  directives: 60,
  selections: 1_000,
  overlaps: 20_000,
  operations: 10,
  fragments: 200,
  variableDefinitions: 100,
  valueDepth: 32,
  items: 1_000,
  introspection: 100_000,
};

export type DocumentLimit = keyof DocumentLimits | 'cycles';

interface Size extends Pick<Record<keyof DocumentLimits, number>, 'depth' | 'aliases' | 'directives' | 'selections' | 'introspection'> {
  /** Objects that the selections give if they are introspection's. */
  readonly introspected: number;
}

const nothing: Size = { depth: 0, aliases: 0, directives: 0, selections: 0, introspection: 0, introspected: 0 };

/** How long introspection's lists usually are. Most types are not wrapped. */
const introspectionLists: Readonly<Record<string, number>> = {
  types: 500,
  directives: 10,
  fields: 8,
  inputFields: 8,
  args: 3,
  interfaces: 2,
  possibleTypes: 8,
  enumValues: 8,
  ofType: 0.4,
};

/**
 * The first limit that a document exceeds, or undefined. Looks at every operation and fragment, each fragment once however often it is spread; goes by
 * what a selection is, never by its name, so that a fragment called `__schema` hides nothing.
 */
export function exceededLimit(document: DocumentNode, limits: DocumentLimits): DocumentLimit | undefined {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operations.length > limits.operations) return 'operations';
  if (operations.some(({ variableDefinitions = [] }) => variableDefinitions.length > limits.variableDefinitions))
    return 'variableDefinitions';
  const values = valueSizes(document);
  for (const name of ['valueDepth', 'items'] as const) if (values[name] > limits[name]) return name;
  const fragmentList = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  if (fragmentList.length > limits.fragments) return 'fragments';
  const fragments = new Map(fragmentList.map((node) => [node.name.value, node]));
  const measure = measurer(fragments);
  for (const definition of [...operations, ...fragments.values()]) {
    const size = measure(definition);
    if (size === 'cycles') return 'cycles';
    for (const name of ['selections', 'depth', 'aliases', 'directives', 'introspection'] as const)
      if (size[name] > limits[name]) return name;
    if (overlappingPairs(definition.selectionSet, fragments) > limits.overlaps) return 'overlaps';
    if (definition.kind === Kind.FRAGMENT_DEFINITION) continue;
    const fields = rootFields(definition, fragments);
    if (definition.operation === OperationTypeNode.MUTATION && fields > limits.mutations) return 'mutations';
    if (fields > limits.rootFields) return 'rootFields';
  }
  return undefined;
}

function measurer(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const sizes = new Map<string, Size>();
  const open = new Set<string>();

  function spread(name: string): Size | 'cycles' {
    const known = sizes.get(name);
    if (known) return known;
    const fragment = fragments.get(name);
    if (!fragment) return nothing;
    if (open.has(name)) return 'cycles';
    open.add(name);
    const size = selectionSet(fragment.selectionSet);
    open.delete(name);
    if (size !== 'cycles') sizes.set(name, size);
    return size;
  }

  function selectionSet(set: SelectionSetNode | undefined): Size | 'cycles' {
    const total: { -readonly [Name in keyof Size]: Size[Name] } = { ...nothing };
    for (const node of set?.selections ?? []) {
      const inner = node.kind === Kind.FRAGMENT_SPREAD ? spread(node.name.value) : selectionSet(node.selectionSet);
      if (inner === 'cycles') return inner;
      total.selections += 1 + inner.selections;
      total.directives += (node.directives?.length ?? 0) + inner.directives;
      total.aliases += (node.kind === Kind.FIELD && node.alias ? 1 : 0) + inner.aliases;
      total.depth = Math.max(total.depth, inner.depth + (node.kind === Kind.FIELD ? 1 : 0));
      total.introspection += inner.introspection + (isIntrospection(node) ? inner.introspected : 0);
      const many = node.kind === Kind.FIELD ? (introspectionLists[node.name.value] ?? 1) : 1;
      total.introspected += many * ((node.kind === Kind.FIELD && node.selectionSet ? 1 : 0) + inner.introspected);
    }
    return total;
  }

  return (definition: OperationDefinitionNode | FragmentDefinitionNode): Size | 'cycles' => {
    const size = definition.kind === Kind.FRAGMENT_DEFINITION ? spread(definition.name.value) : selectionSet(definition.selectionSet);
    if (size === 'cycles') return size;
    const variables = definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [];
    const own = [definition, ...variables].reduce((sum, node) => sum + (node.directives?.length ?? 0), 0);
    return { ...size, directives: size.directives + own };
  };
}

/** Fields at the top of an operation, through its fragments. Runs after the check for cycles, and after the one for selections. */
function rootFields(operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): number {
  const count = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce((sum, node) => {
      if (node.kind === Kind.FIELD) return sum + 1;
      return sum + count(node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)?.selectionSet : node.selectionSet);
    }, 0);
  return count(operation.selectionSet);
}

const isIntrospection = (node: SelectionNode): boolean =>
  node.kind === Kind.FIELD && (node.name.value === '__schema' || node.name.value === '__type');

/** How deep lists and objects stand within each other, and how large the largest is, wherever values may stand. `visit` does not recurse. */
function valueSizes(document: DocumentNode): Record<'valueDepth' | 'items', number> {
  let depth = 0;
  const most = { valueDepth: 0, items: 0 };
  const enter = ({ length }: readonly unknown[]) => {
    depth += 1;
    most.valueDepth = Math.max(most.valueDepth, depth);
    most.items = Math.max(most.items, length);
  };
  const leave = () => {
    depth -= 1;
  };
  visit(document, {
    [Kind.OBJECT]: { enter: ({ fields }) => enter(fields), leave },
    [Kind.LIST]: { enter: ({ values }) => enter(values), leave },
  });
  return most;
}
