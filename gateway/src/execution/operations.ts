import { createHash } from 'node:crypto';
import {
  GraphQLError,
  Kind,
  print,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { fragmentsOf } from './compile/fetch-document.ts';
import type { CompiledOperation, EngineOptions, HotOperation } from './contract.ts';
import { operationNamed } from './operation-named.ts';

interface Entry extends HotOperation {
  readonly compiled: CompiledOperation;
  /** Characters of the operation and of its plan. */
  readonly size: number;
  uses: number;
}

/** Compiled operations, by what they say and not by how it is written. */
export interface Operations {
  /** Rejects with a coded GraphQLError when the document has no such operation, or one that can't be planned. */
  get(document: DocumentNode, operationName: string | null | undefined): Promise<CompiledOperation>;
  hottest(count: number): readonly HotOperation[];
  kept(): number;
}

interface OperationsOptions extends Pick<EngineOptions, 'onPlanning' | 'onCache'> {
  /** See `Planner.plan`. */
  readonly plan: (operation: string) => Promise<string>;
  readonly compile: (document: DocumentNode, operation: OperationDefinitionNode, plan: string) => CompiledOperation;
  /** How many are kept. */
  readonly max: number;
}

/** Of the operations and their plans, which take some 50 to 200 bytes of memory for each: an operation may be as large as a client likes to make it. */
const keptCharacters = 5_000_000;

/** What can't be planned is not tried again for so long. */
const refusals = { max: 10_000, ttl: 10 * 60_000 };

export function createOperations({ plan, onPlanning, onCache, compile, max }: OperationsOptions): Operations {
  const entries = new LRUCache<string, Entry>({
    max,
    maxSize: keptCharacters,
    sizeCalculation: ({ size }) => size,
    dispose: (_entry, _key, reason) => {
      if (reason === 'evict') onCache?.('evicted');
    },
  });
  // What is being planned now: who asks for the same waits for the same.
  const planned = new Map<string, Promise<Entry>>();
  const unplannable = new LRUCache<string, GraphQLError>(refusals);
  // The same document comes again and again: its operations' keys are worked out once.
  const keys = new WeakMap<DocumentNode, Map<string | undefined, string>>();

  function keyed(document: DocumentNode, operationName: string | undefined): { key: string; alone: DocumentNode } {
    const operation = operationNamed(document, operationName);
    const alone = normalised(document, operation);
    return { key: print(alone), alone };
  }

  async function made(key: string, document: DocumentNode): Promise<Entry> {
    const hash = createHash('sha256').update(key).digest('base64');
    const known = unplannable.get(hash);
    if (known) throw known;
    const operation = operationIn(document);
    const ended = onPlanning?.();
    try {
      const text = await plan(key);
      const compiled = compile(document, operation, text);
      const entry = { document, operationName: operation.name?.value ?? null, compiled, size: key.length + text.length, uses: 0 };
      entries.set(key, entry);
      ended?.('planned');
      return entry;
    } catch (error) {
      ended?.(error instanceof GraphQLError ? 'refused' : 'failed');
      if (error instanceof GraphQLError && error.extensions['limit'] === 'plan') unplannable.set(hash, error);
      throw error;
    }
  }

  function making(key: string, document: DocumentNode): Promise<Entry> {
    const entry = planned.get(key) ?? made(key, document).finally(() => planned.delete(key));
    planned.set(key, entry);
    return entry;
  }

  function entryOf(document: DocumentNode, name: string | undefined): Entry | Promise<Entry> {
    const known = keys.get(document) ?? new Map<string | undefined, string>();
    keys.set(document, known);
    const before = known.get(name);
    const found = before === undefined ? undefined : entries.get(before);
    if (found) return found;
    const { key, alone } = keyed(document, name);
    known.set(name, key);
    return entries.get(key) ?? making(key, alone);
  }

  return {
    async get(document, operationName) {
      try {
        const found = entryOf(document, operationName ?? undefined);
        onCache?.(found instanceof Promise ? 'miss' : 'hit');
        const entry = await found;
        entry.uses += 1;
        return entry.compiled;
      } catch (error) {
        throw error instanceof GraphQLError ? copied(error) : error;
      }
    },
    hottest: (count) =>
      [...entries.values()]
        .sort((a, b) => b.uses - a.uses)
        .slice(0, count)
        .map(({ document, operationName }) => ({ document, operationName })),
    kept: () => entries.size,
  };
}

/** Several may be told the same, and each request writes its own id into its errors. */
const copied = ({ message, extensions }: GraphQLError): GraphQLError => new GraphQLError(message, { extensions: { ...extensions } });

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
