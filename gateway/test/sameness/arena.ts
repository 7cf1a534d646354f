import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parse } from 'graphql';
import { askerOf } from './ask.ts';
import { dissimilarity } from './compare.ts';
import { composedOf, type SubgraphSdls } from './compose.ts';
import { hidesTypes } from './differences.ts';
import { createFaults, type FaultRates } from './faults.ts';
import { executeByMonolith } from './monolith.ts';
import { operationsOver, type OperationCase } from './operations.ts';
import { ourEngine } from './ours.ts';
import { executeByReference, plan, type Sent } from './reference.ts';

export interface Sample {
  readonly operation: OperationCase;
  /** What goes wrong; nothing, where undefined. */
  readonly rates: FaultRates | undefined;
}

/** How many of the samples were of which kind: what says that they are worth something. */
export interface Tally {
  samples: number;
  fetches: number;
  /** More than one fetch. */
  several: number;
  conditions: number;
  rewrites: number;
  /** Some thing was referred to twice in one fetch. */
  repeated: number;
  /** Answered with errors. */
  failed: number;
  /** With values that are not of their type, or null where none may be. */
  incomplete: number;
  /** The planner refuses them, though they are valid. */
  unplannable: number;
  /** Its plan, or the reference, answers them otherwise than a server would that has all the data. */
  mistaken: number;
}

/** A supergraph in which both executors are compared. */
export interface Arena {
  readonly samples: fc.Arbitrary<Sample>;
  readonly tally: Tally;
  /** Throws what is not the same, with everything that is needed to see it again. */
  check(sample: Sample): Promise<void>;
}

const rate = fc.constantFrom(0, 0, 100, 300);
const rates: fc.Arbitrary<FaultRates> = fc.record({
  seed: fc.nat(),
  fieldErrors: rate,
  badLeaves: rate,
  nullObjects: rate,
  badTypenames: rate,
  missing: rate,
  failedFetches: rate,
});

/** The seed decides what the data are. */
export function createArena(sdls: SubgraphSdls, { seed = 1, depth = 3 } = {}): Arena {
  const composed = composedOf(sdls, seed);
  const ours = ourEngine(composed.supergraphSdl);
  const tally: Tally = {
    samples: 0,
    fetches: 0,
    several: 0,
    conditions: 0,
    rewrites: 0,
    repeated: 0,
    failed: 0,
    incomplete: 0,
    unplannable: 0,
    mistaken: 0,
  };

  const planned = async (sent: Sent) => {
    try {
      return await ours.plan(sent);
    } catch (error) {
      // Only what the planner itself refuses.
      if (refusal(() => plan(composed, sent)) !== (error instanceof Error ? error.message : error)) throw error;
      return undefined;
    }
  };

  async function check({ operation, rates: wanted }: Sample): Promise<void> {
    const document = parse(operation.text, { noLocation: true });
    const sent: Sent = { ...operation, document };
    tally.samples += 1;
    const queryPlan = await planned(sent);
    if (!queryPlan) {
      tally.unplannable += 1;
      return;
    }
    const text = JSON.stringify(queryPlan);
    const fetches = text.split('"kind":"Fetch"').length - 1;
    tally.fetches += fetches;
    if (fetches > 1) tally.several += 1;
    if (text.includes('"kind":"Condition"')) tally.conditions += 1;
    if (text.includes('Rewrites":[')) tally.rewrites += 1;

    const fail = (what: string, our: unknown, other: unknown, told?: unknown) => {
      const parts = { variables: operation.variables, faults: wanted, ours: our, expected: other, told, plan: queryPlan.node };
      throw new Error(
        [what, operation.text, ...Object.entries(parts).map(([name, part]) => `${name}: ${JSON.stringify(part)}`)].join('\n'),
      );
    };

    const truth = executeByMonolith(composed.schema, composed.world, sent);
    const plain = await executeByReference(composed, queryPlan, sent, askerOf(composed));
    const right = plain.errors.length === 0 && isDeepStrictEqual(plain.data, truth);
    if (!right) tally.mistaken += 1;
    if (!wanted || !right) {
      const our = await ours.execute(sent, askerOf(composed));
      // As text: the specification says in which order the fields stand.
      const same = JSON.stringify(our.data) === JSON.stringify(truth);
      const different = dissimilarity(sent, our, plain);
      if (right ? !same : !same && different) fail('another answer than from one server', our, truth, plain);
      if (right && different) fail(different, our, plain);
      return;
    }
    const faults = createFaults(hidesTypes(composed.schema, document) ? { ...wanted, badTypenames: 0 } : wanted);
    const reference = await executeByReference(composed, queryPlan, sent, counted(askerOf(composed, faults)));
    if (reference.errors.length > 0) tally.failed += 1;
    if (reference.completion.length > 0) tally.incomplete += 1;
    const our = await ours.execute(sent, askerOf(composed, faults));
    const different = dissimilarity(sent, our, reference);
    if (different) fail(different, our, reference);
  }

  const counted = (ask: ReturnType<typeof askerOf>): typeof ask => {
    let seen = false;
    return (subgraph, query, operationName, variables) => {
      const { representations } = variables;
      if (
        !seen &&
        Array.isArray(representations) &&
        new Set(representations.map((each) => JSON.stringify(each))).size < representations.length
      ) {
        seen = true;
        tally.repeated += 1;
      }
      return ask(subgraph, query, operationName, variables);
    };
  };

  return {
    samples: fc.record({ operation: operationsOver(composed.schema, depth), rates: fc.option(rates, { nil: undefined, freq: 3 }) }),
    tally,
    check,
  };
}

function refusal(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
