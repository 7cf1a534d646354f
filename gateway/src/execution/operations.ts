import {
  getOperationAST,
  Kind,
  print,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { refused } from '../errors.ts';
import { fragmentsOf } from './compile/fetch-document.ts';
import type { CompiledOperation, HotOperation } from './contract.ts';

interface Entry extends HotOperation {
  readonly compiled: CompiledOperation;
  uses: number;
}

/** Compiled operations, by what they say and not by how it is written. */
export interface Operations {
  get(document: DocumentNode, operationName: string | null | undefined): CompiledOperation;
  hottest(count: number): readonly HotOperation[];
}

export function createOperations(
  compile: (document: DocumentNode, operation: OperationDefinitionNode) => CompiledOperation,
  max: number,
): Operations {
  const entries = new LRUCache<string, Entry>({ max });
  // The same document comes again and again: its operations' keys are worked out once.
  const keys = new WeakMap<DocumentNode, Map<string | undefined, string>>();

  function made(document: DocumentNode, operationName: string | undefined): string {
    const operation = getOperationAST(document, operationName);
    if (!operation) throw refused('BAD_REQUEST', 'The document has no operation of that name, or several and none was named.');
    const alone = normalised(document, operation);
    const key = print(alone);
    if (!entries.has(key)) {
      const compiled = compile(alone, operationIn(alone));
      entries.set(key, { document: alone, operationName: operation.name?.value ?? null, compiled, uses: 0 });
    }
    return key;
  }

  return {
    get(document, operationName) {
      const name = operationName ?? undefined;
      const known = keys.get(document) ?? new Map<string | undefined, string>();
      keys.set(document, known);
      let key = known.get(name);
      let entry = key === undefined ? undefined : entries.get(key);
      if (!entry) {
        key = made(document, name);
        known.set(name, key);
        entry = entries.get(key);
      }
      if (!entry) throw new Error('A compiled operation was lost.');
      entry.uses += 1;
      return entry.compiled;
    },
    hottest: (count) =>
      [...entries.values()]
        .sort((a, b) => b.uses - a.uses)
        .slice(0, count)
        .map(({ document, operationName }) => ({ document, operationName })),
  };
}

/** One operation with the fragments that it uses, in the order of their names. */
function normalised(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const all = fragmentsOf(document);
  const used = new Map<string, FragmentDefinitionNode>();
  const look = (set: SelectionSetNode): void =>
    void visit(set, {
      [Kind.FRAGMENT_SPREAD]: ({ name: { value: name } }) => {
        const fragment = all.get(name);
        if (!fragment || used.has(name)) return;
        used.set(name, fragment);
        look(fragment.selectionSet);
      },
    });
  look(operation.selectionSet);
  const fragments = [...used.values()].sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
  return { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
}

const operationIn = ({ definitions: [first] }: DocumentNode): OperationDefinitionNode => {
  if (first?.kind === Kind.OPERATION_DEFINITION) return first;
  throw new Error('A normalised document begins with its operation.');
};
