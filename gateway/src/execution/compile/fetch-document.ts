import { Kind, parse, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** A fetch's operation, read from its text. */
export interface FetchDocument {
  readonly operation: OperationDefinitionNode;
  /** The selection that a selection set, a fragment or a spread stands for. */
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export function readFetch(text: string): FetchDocument {
  const document = parse(text, { noLocation: true });
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('The plan has a fetch without an operation.');
  return { operation, fragments: fragmentsOf(document) };
}

export const fragmentsOf = ({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));

interface SelectedField {
  readonly key: string;
  readonly name: string;
  readonly set: SelectionSetNode | undefined;
}

/** The fields of a selection set, those of its fragments among them. `applies` chooses the fragments by the type that they are on. */
export function* fieldsOf(
  { selections }: SelectionSetNode,
  fragments: FetchDocument['fragments'],
  applies: (on: string) => boolean = () => true,
): Generator<SelectedField> {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) {
      yield { key: (node.alias ?? node.name).value, name: node.name.value, set: node.selectionSet };
      continue;
    }
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
    const on = fragment?.typeCondition?.name.value;
    if (fragment && (on === undefined || applies(on))) yield* fieldsOf(fragment.selectionSet, fragments, applies);
  }
}
