import type { QueryPlan } from '@apollo/query-planner';
// From its own file: the package's main one loads the whole planner, which belongs into the planning thread alone.
import { prettyFormatQueryPlan } from '@apollo/query-planner/dist/prettyFormatQueryPlan.js';
import type { SentFetch, Watch, WatchedFetch } from '../execution/contract.ts';

/** `extensions.explain` of an answer. Times are in milliseconds, and moments are counted from when the request came. */
export interface ExplanationReport {
  /** Until the answer was ready to be written. */
  readonly totalMs: number;
  /** What the steps before execution took. Null: not done, because the gateway knew the result. */
  readonly parsingMs: number | null;
  readonly validationMs: number | null;
  /** Near zero where the plan was known. */
  readonly planningMs: number | null;
  /** As Apollo's planner writes it for people. */
  readonly plan: string;
  /** In the order in which they were begun. */
  readonly fetches: readonly ExplainedFetch[];
}

export interface ExplainedFetch {
  readonly subgraph: string;
  /** Where what it gives stands in the answer. `@` is each item of a list. Empty: at the root. */
  readonly path: string;
  readonly document: string;
  /** For how many different objects it asked. Null where it asks for none in particular. */
  readonly representations: number | null;
  readonly startedMs: number;
  /** Null: it was not answered before the answer was written. */
  readonly durationMs: number | null;
  /** Of its data as JSON. */
  readonly bytes: number | null;
  /** Nothing was sent: an equal fetch was under way, and its answer was taken. */
  readonly shared: boolean;
  readonly errors: number;
}

export type Step = 'parsing' | 'validation' | 'planning';

/** Takes down what one operation does. */
export interface Explanation {
  readonly watch: Watch;
  /** A step begins. Gives what says that it has ended. */
  begin(step: Step): () => void;
  planned(plan: QueryPlan): void;
  /** What has happened until now; undefined where nothing was planned. */
  report(): ExplanationReport | undefined;
}

/** `now` in milliseconds, from any beginning. */
export function createExplanation(now: () => number = () => performance.now()): Explanation {
  const began = now();
  const since = (moment: number): number => Math.round((now() - moment) * 100) / 100;
  const steps = new Map<Step, number>();
  const fetches: { -readonly [member in keyof ExplainedFetch]: ExplainedFetch[member] }[] = [];
  let planned: QueryPlan | undefined;

  function fetch({ subgraph, path, query, representations }: WatchedFetch, run: () => SentFetch): SentFetch {
    const startedMs = since(began);
    const started = now();
    const { answer, shared } = run();
    const told: (typeof fetches)[number] = {
      subgraph,
      path: path.join('.'),
      document: query,
      representations: representations ?? null,
      startedMs,
      durationMs: null,
      bytes: null,
      shared,
      errors: 0,
    };
    fetches.push(told);
    const measured = answer.then((given) => {
      told.durationMs = since(started);
      // Now: whoever executes will change it.
      told.bytes = given.data === null ? 0 : Buffer.byteLength(JSON.stringify(given.data));
      told.errors = given.errors.length;
      return given;
    });
    return { answer: measured, shared };
  }

  return {
    watch: { node: (_kind, _path, run) => run(), fetch },
    begin(step) {
      const started = now();
      return () => void steps.set(step, since(started));
    },
    planned(plan) {
      planned = plan;
    },
    report() {
      if (!planned) return undefined;
      const took = (step: Step) => steps.get(step) ?? null;
      return {
        totalMs: since(began),
        parsingMs: took('parsing'),
        validationMs: took('validation'),
        planningMs: took('planning'),
        plan: prettyFormatQueryPlan(planned),
        fetches: fetches.map((each) => ({ ...each })),
      };
    },
  };
}
