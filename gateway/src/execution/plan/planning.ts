import type { PlannerOptions, SupergraphTexts } from './planner.ts';
import { busy } from './refusals.ts';
import type { PlanningThread, Threads } from './threads.ts';

export interface PlanningOptions extends PlannerOptions {
  readonly threads: Threads;
  /** How much CPU one operation may take, in milliseconds. */
  readonly withinMs: number;
}

/** Plans operations over one supergraph without holding up this thread: in one of its own, one after the other. */
export interface Planning {
  readonly supergraph: SupergraphTexts;
  /** See `Planner.plan`. Rejects with a coded GraphQLError for what has no plan or takes too long, and with RATE_LIMITED where too many wait. */
  plan(operation: string): Promise<string>;
  /** Ends its thread as soon as nobody waits. Who asks after all has one started, for as long as it takes. */
  retire(): void;
}

/** How many operations may wait, and for how many that each cost a thread. By no clock, so that a busy machine refuses nobody. */
const mostWaiting = 1_000;
const mostLost = 5;

interface Job extends PromiseWithResolvers<string> {
  readonly operation: string;
  /** How many threads had been lost when it came. */
  readonly lostBefore: number;
}

/** Rejects when the supergraph can't be used. */
export async function startPlanning({ threads, withinMs, supergraphSdl, maxEvaluatedPlans }: PlanningOptions): Promise<Planning> {
  const waiting: Job[] = [];
  let working = false;
  let retired = false;
  let lost = 0;
  let thread = threads.start({ supergraphSdl, maxEvaluatedPlans });

  /** A thread that can plan: the one there is, or the next. */
  async function usable(): Promise<PlanningThread> {
    if (thread.ended) thread = threads.start({ supergraphSdl, maxEvaluatedPlans });
    await thread.ready;
    return thread;
  }

  async function work(): Promise<void> {
    working = true;
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      try {
        if (lost - job.lostBefore >= mostLost) throw busy();
        job.resolve(await (await usable()).plan(job.operation, withinMs));
      } catch (error) {
        job.reject(error);
        if (!thread.ended) continue;
        lost += 1;
        // The next one is made ready before somebody asks.
        if (!retired) usable().catch(() => undefined);
      }
    }
    working = false;
    if (retired) await thread.end();
  }

  try {
    return {
      supergraph: await thread.read,
      plan(operation) {
        if (waiting.length >= mostWaiting) return Promise.reject(busy());
        const job = { operation, lostBefore: lost, ...Promise.withResolvers<string>() };
        waiting.push(job);
        if (!working) void work();
        return job.promise;
      },
      retire() {
        retired = true;
        if (!working) void thread.end();
      },
    };
  } catch (error) {
    await thread.end();
    throw error;
  }
}
