import { GraphQLError } from 'graphql';
import { parentPort, workerData } from 'node:worker_threads';
import { readSupergraph, type Planner, type PlannerOptions, type SupergraphTexts } from './planner.ts';

// The program of a planning thread: reads a supergraph, says what whoever executes needs of it, and from then on answers each operation with its plan.

/** What the thread says. `usedMs`: the CPU that it has used since its start. */
export type Said =
  | { readonly kind: 'read'; readonly supergraph: SupergraphTexts }
  | { readonly kind: 'ready'; readonly usedMs: number }
  | { readonly kind: 'planned'; readonly plan: string; readonly usedMs: number }
  | ({ readonly kind: 'failed'; readonly usedMs: number } & Failure);

/** An error, in a form that gets across: `extensions` where it is a GraphQLError. */
export interface Failure {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

const say = (said: Said): void => parentPort?.postMessage(said);

const usedMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

function failed(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  say({ kind: 'failed', message, ...(error instanceof GraphQLError && { extensions: { ...error.extensions } }), usedMs: usedMs() });
}

function planner(): Planner | undefined {
  try {
    const read = readSupergraph(workerData as PlannerOptions);
    say({ kind: 'read', supergraph: read.supergraph });
    return read.planner();
  } catch (error) {
    failed(error);
    return undefined;
  }
}

const made = planner();
if (made) {
  parentPort?.on('message', (operation: string) => {
    try {
      say({ kind: 'planned', plan: made.plan(operation), usedMs: usedMs() });
    } catch (error) {
      failed(error);
    }
  });
  say({ kind: 'ready', usedMs: usedMs() });
}
