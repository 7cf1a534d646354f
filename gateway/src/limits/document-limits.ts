import { Kind, visit, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

export interface DocumentLimits {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
  /** Selections after fragments are spread: what the planner will see. */
  readonly selections: number;
  readonly operations: number;
  /** Lists and objects within each other, in arguments and default values. */
  readonly valueDepth: number;
}

/** Roomy for what front ends send (GraphiQL's introspection is 15 deep), tight for what only an attacker would. */
export const defaultDocumentLimits: DocumentLimits = {
  tokens: 4_000,
  depth: 20,
  aliases: 60,
  rootFields: 30,
  directives: 60,
  selections: 3_000,
  operations: 10,
  valueDepth: 32,
};

export type DocumentLimit = keyof DocumentLimits | 'cycles';

type Size = Pick<Record<keyof DocumentLimits, number>, 'depth' | 'aliases' | 'directives' | 'selections'>;

const nothing: Size = { depth: 0, aliases: 0, directives: 0, selections: 0 };

/**
 * The first limit that a document exceeds, or undefined. Looks at every operation and fragment, each fragment once however often it is spread; goes by
 * what a selection is, never by its name, so that a fragment called `__schema` hides nothing.
 */
export function exceededLimit(document: DocumentNode, limits: DocumentLimits): DocumentLimit | undefined {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operations.length > limits.operations) return 'operations';
  if (valueDepth(document) > limits.valueDepth) return 'valueDepth';
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  const measure = measurer(fragments);
  for (const definition of [...operations, ...fragments.values()]) {
    const size = measure(definition);
    if (size === 'cycles') return 'cycles';
    for (const name of ['selections', 'depth', 'aliases', 'directives'] as const) if (size[name] > limits[name]) return name;
    if (definition.kind === Kind.OPERATION_DEFINITION && rootFields(definition, fragments) > limits.rootFields) return 'rootFields';
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
    const total: Size = { ...nothing };
    for (const node of set?.selections ?? []) {
      const inner = node.kind === Kind.FRAGMENT_SPREAD ? spread(node.name.value) : selectionSet(node.selectionSet);
      if (inner === 'cycles') return inner;
      total.selections += 1 + inner.selections;
      total.directives += (node.directives?.length ?? 0) + inner.directives;
      total.aliases += (node.kind === Kind.FIELD && node.alias ? 1 : 0) + inner.aliases;
      total.depth = Math.max(total.depth, inner.depth + (node.kind === Kind.FIELD ? 1 : 0));
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

/** How deep lists and objects stand within each other, wherever values may stand. `visit` does not recurse. */
function valueDepth(document: DocumentNode): number {
  let depth = 0;
  let deepest = 0;
  const value = {
    enter: () => {
      depth += 1;
      deepest = Math.max(deepest, depth);
    },
    leave: () => {
      depth -= 1;
    },
  };
  visit(document, { [Kind.LIST]: value, [Kind.OBJECT]: value });
  return deepest;
}
