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

/** Of the operations and their plans, which take some 50 to 200 bytes of memory for each: an operation may be as large as a client likes to make it. */
const keptCharacters = 5_000_000;

const sizeOf = ({ compiled: { plan } }: Entry, { length }: string): number => length + JSON.stringify(plan).length;

export function createOperations(
  compile: (document: DocumentNode, operation: OperationDefinitionNode) => CompiledOperation,
  max: number,
): Operations {
  const entries = new LRUCache<string, Entry>({ max, maxSize: keptCharacters, sizeCalculation: sizeOf });
  // The same document comes again and again: its operations' keys are worked out once.
  const keys = new WeakMap<DocumentNode, Map<string | undefined, string>>();

  function keyed(document: DocumentNode, operationName: string | undefined): { key: string; alone: DocumentNode } {
    const operation = getOperationAST(document, operationName);
    if (!operation) throw refused('BAD_REQUEST', 'The document has no operation of that name, or several and none was named.');
    const alone = normalised(document, operation);
    return { key: print(alone), alone };
  }

  function made(key: string, document: DocumentNode): Entry {
    const operation = operationIn(document);
    const entry = { document, operationName: operation.name?.value ?? null, compiled: compile(document, operation), uses: 0 };
    entries.set(key, entry);
    return entry;
  }

  function entryOf(document: DocumentNode, name: string | undefined): Entry {
    const known = keys.get(document) ?? new Map<string | undefined, string>();
    keys.set(document, known);
    const before = known.get(name);
    const found = before === undefined ? undefined : entries.get(before);
    if (found) return found;
    const { key, alone } = keyed(document, name);
    known.set(name, key);
    return entries.get(key) ?? made(key, alone);
  }

  return {
    get(document, operationName) {
      const entry = entryOf(document, operationName ?? undefined);
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
