import { canonical, hash, isRecord, pick } from './hash.ts';
import type { SubgraphAnswer } from './subgraph.ts';
import type { Thing } from './world.ts';

/** How many of a thousand go wrong, of each kind, and the chance by which. */
export interface FaultRates {
  readonly seed: number;
  /** Fields that answer with an error. */
  readonly fieldErrors: number;
  /** Leaves that are null where none may be, or hold what is not of their type. */
  readonly badLeaves: number;
  /** Objects that are null, though no error tells of it and whether or not they may be. */
  readonly nullObjects: number;
  /** Objects that name no type, or one that there is not. */
  readonly badTypenames: number;
  /** References that the subgraph does not know. */
  readonly missing: number;
  /** Fetches that fail as a whole: the subgraph answers with errors alone, or not at all. */
  readonly failedFetches: number;
}

interface FieldError {
  readonly message: string;
  readonly extensions: Record<string, unknown>;
}

/**
 * What goes wrong at the subgraphs. It depends on what is asked for and never on when or how often: executors that fetch in another order, or each thing
 * once, meet the same.
 */
export interface Faults {
  at(subgraph: string, thing: Thing, field: string, args: unknown): FieldError | undefined;
  misses(subgraph: string, representation: unknown): boolean;
  /** What becomes of an object of the answer, by what is in it. */
  object(subgraph: string, text: string): 'null' | 'no typename' | 'unknown typename' | undefined;
  /** What becomes of a leaf of such an object. */
  leaf(subgraph: string, text: string, key: string): { readonly value: unknown } | undefined;
  /** Throws FetchFailed for fetches that fail. */
  refuses(subgraph: string, query: string): void;
}

/** The subgraph gave no answer, or one that has only errors. */
export class FetchFailed extends Error {
  override readonly name = 'FetchFailed';
}

/** No object: where two fetches bring one, the reference breaks. Those are in the cases by hand. */
const badValues: readonly unknown[] = [null, null, null, 'text', 17, 1.5, true, ['a list'], 'NO_SUCH_VALUE', 3e12];
const codes: readonly Record<string, unknown>[] = [
  { code: 'FORBIDDEN' },
  { code: 'BAD_REQUEST', more: { of: ['it'] } },
  { code: 'INTERNAL' },
];

export const noFaults: Faults = {
  at: () => undefined,
  misses: () => false,
  object: () => undefined,
  leaf: () => undefined,
  refuses: () => undefined,
};

export function createFaults({ seed, fieldErrors, badLeaves, nullObjects, badTypenames, missing, failedFetches }: FaultRates): Faults {
  const chance = (...parts: readonly (string | number)[]) => hash(seed, ...parts);
  const happens = (rate: number, roll: number) => rate > 0 && roll % 1000 < rate;
  return {
    at: (subgraph, { typename, number, reference }, field, args) => {
      const place = [subgraph, typename, number, field, canonical(args), reference ? canonical(reference) : ''];
      const roll = chance('error', ...place);
      if (happens(fieldErrors, roll)) {
        return { message: `${typename} ${number} ${field} failed in ${subgraph}`, extensions: pick(codes, hash(roll)) };
      }
      return undefined;
    },
    leaf: (subgraph, text, key) => {
      const roll = chance('leaf', subgraph, text, key);
      return happens(badLeaves, roll) ? { value: pick(badValues, hash(roll)) } : undefined;
    },
    misses: (subgraph, representation) => happens(missing, chance('missing', subgraph, canonical(representation))),
    object: (subgraph, text) => {
      if (happens(nullObjects, chance('null', subgraph, text))) return 'null';
      const typename = chance('typename', subgraph, text);
      if (!happens(badTypenames, typename)) return undefined;
      return pick(['no typename', 'unknown typename'] as const, hash(typename));
    },
    refuses: (subgraph, query) => {
      // Not by the operation's name: fetches that ask for the same may be one.
      const roll = chance('fetch', subgraph, query.replace(/__\d+/, ''));
      if (happens(failedFetches, roll)) throw new FetchFailed(pick(['the connection was lost', 'it answered with an error'], hash(roll)));
    },
  };
}

/** Puts the faults of objects and leaves into an answer. */
export function corrupted(faults: Faults, subgraph: string, { data, ...rest }: SubgraphAnswer): SubgraphAnswer {
  const object = (value: Record<string, unknown>): Record<string, unknown> | null => {
    const text = canonical(value);
    const fault = faults.object(subgraph, text);
    if (fault === 'null') return null;
    const changed = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inside(each, text, key)]));
    if (fault && '__typename' in changed) {
      if (fault === 'no typename') delete changed['__typename'];
      else changed['__typename'] = 'NoSuchType';
    }
    return changed;
  };
  const inside = (value: unknown, text: string, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => inside(item, text, key));
    if (isRecord(value)) return object(value);
    // What is null may have been an object. The operations ask for `kind: __typename`: a type under another name is as good as its own.
    if (value === null || key === '__typename' || key === 'kind') return value;
    const fault = faults.leaf(subgraph, text, key);
    return fault ? fault.value : value;
  };
  return {
    data: data && Object.fromEntries(Object.entries(data).map(([key, value]) => [key, inside(value, canonical(data), key)])),
    ...rest,
  };
}
