import { Kind, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type SelectionSetNode, type ValueNode } from 'graphql';

/** What a connection gives whose operation does not say how much it wants. */
const defaultPage = 25;

/** A field that gives a page: how many nodes it asks for, by number or by the name of a variable, and the pages inside of each. */
export interface Page {
  readonly size: number | { readonly variable: string; readonly otherwise: number };
  readonly inner: readonly Page[];
}

/**
 * The pages that each operation asks for. A page is a field with `first` or `last`, or with `nodes` or `edges` in it: known without the schema.
 * For documents that keep the other limits: fragments are spread, and none spreads itself.
 */
export function pagesOf(document: DocumentNode): readonly (readonly Page[])[] {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  return document.definitions.flatMap((node) => {
    if (node.kind !== Kind.OPERATION_DEFINITION) return [];
    const defaults = new Map((node.variableDefinitions ?? []).map((each) => [each.variable.name.value, numberOf(each.defaultValue)]));
    return [pagesIn(node.selectionSet, fragments, defaults)];
  });
}

/** How many nodes an operation asks for at most, over all its pages, with these variables (as a client sent them, of whatever type). */
export function nodesAskedFor(pages: readonly Page[], variables: unknown): number {
  return pages.reduce((sum, { size, inner }) => {
    const nodes = typeof size === 'number' ? size : (given(variables, size.variable) ?? size.otherwise);
    return sum + nodes * (1 + nodesAskedFor(inner, variables));
  }, 0);
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
type Defaults = ReadonlyMap<string, number | undefined>;

function pagesIn(set: SelectionSetNode | undefined, fragments: Fragments, defaults: Defaults): Page[] {
  return (set?.selections ?? []).flatMap((node) => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return pagesIn(fragments.get(node.name.value)?.selectionSet, fragments, defaults);
    const inner = pagesIn(node.selectionSet, fragments, defaults);
    if (node.kind === Kind.INLINE_FRAGMENT) return inner;
    const size = sizeOf(node, fragments, defaults);
    return size === undefined ? inner : [{ size, inner }];
  });
}

function sizeOf(field: FieldNode, fragments: Fragments, defaults: Defaults): Page['size'] | undefined {
  const value = field.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last')?.value;
  if (value?.kind === Kind.VARIABLE) {
    const variable = value.name.value;
    return { variable, otherwise: defaults.get(variable) ?? defaultPage };
  }
  if (value) return numberOf(value) ?? defaultPage;
  return isConnection(field.selectionSet, fragments) ? defaultPage : undefined;
}

function isConnection(set: SelectionSetNode | undefined, fragments: Fragments): boolean {
  return (set?.selections ?? []).some((node) => {
    if (node.kind === Kind.FIELD) return node.name.value === 'nodes' || node.name.value === 'edges';
    return isConnection(node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)?.selectionSet : node.selectionSet, fragments);
  });
}

/** Of what is no number the domain will say so; until then it counts as a page like any other. */
const numberOf = (value: ValueNode | undefined): number | undefined =>
  value?.kind === Kind.INT ? Math.max(0, Number(value.value)) : undefined;

function given(variables: unknown, name: string): number | undefined {
  if (typeof variables !== 'object' || variables === null) return undefined;
  const value: unknown = Object.entries(variables).find(([key]) => key === name)?.[1];
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
