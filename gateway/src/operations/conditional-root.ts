import { GraphQLError, Kind, OperationTypeNode, parse, type DocumentNode, type ParseOptions, type SelectionSetNode } from 'graphql';

/**
 * Whether a text has a subscription whose field may be left out, by `@skip` or `@include` on it or on a fragment around it: there would be nothing to
 * subscribe to (GraphQL, "Subscription Operation Definitions"). Looked at before validation, which throws over such a field where a variable decides.
 * False for what can't be parsed.
 */
export function hasConditionalRoot(text: string, options: ParseOptions): boolean {
  if (!text.includes('subscription') || !/skip|include/.test(text)) return false;
  try {
    return isConditional(parse(text, { ...options, noLocation: true }));
  } catch (error) {
    if (error instanceof GraphQLError) return false;
    throw error;
  }
}

function isConditional({ definitions }: DocumentNode): boolean {
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet] as const] : [])),
  );
  const looked = new Set<SelectionSetNode>();
  const mayBeEmpty = (set: SelectionSetNode | undefined): boolean => {
    if (!set || looked.has(set)) return false;
    looked.add(set);
    return set.selections.some((node) => {
      if (node.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include')) return true;
      if (node.kind === Kind.FIELD) return false;
      return mayBeEmpty(node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node.selectionSet);
    });
  };
  return definitions.some(
    (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.SUBSCRIPTION && mayBeEmpty(node.selectionSet),
  );
}
