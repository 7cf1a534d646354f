import { childEnvironment } from '@storegraph/core';
import { GraphQLError } from 'graphql';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PlannerOptions, SupergraphTexts } from './planner.ts';
import { tooComplex } from './refusals.ts';
import type { Failure, Said } from './thread.ts';

/** A thread that plans over one supergraph. */
export interface PlanningThread {
  /** Rejects when the supergraph can't be used. */
  readonly read: Promise<SupergraphTexts>;
  /** Resolves when it can plan. */
  readonly ready: Promise<void>;
  /** It has ended, or is about to: it is of no more use. */
  readonly ended: boolean;
  /**
   * The plan as JSON, see `Planner.plan`. One at a time, and only when it is ready. When the thread has used so many milliseconds of CPU for it, it is
   * ended, and this rejects as for what is too complex.
   */
  plan(operation: string, withinMs: number): Promise<string>;
  end(): Promise<void>;
}

/** The threads of one gateway, none of which outlives it. */
export interface Threads {
  /** Throws when they are closed. */
  start(options: PlannerOptions): PlanningThread;
  close(): Promise<void>;
}

/** Of a thread, in MB: what a hostile operation may make it use before it is ended (a supergraph of 11,000 lines takes 40), and what may be garbage. */
const memory = { maxOldGenerationSizeMb: 1_024, maxYoungGenerationSizeMb: 12 };

/** With this process's cache of compiled code: without it a thread loads what removes types from a program, some 20 MB. */
function environmentOfThread(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return childEnvironment(cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) });
}

export function createThreads(): Threads {
  const alive = new Set<PlanningThread>();
  let closed = false;
  return {
    start(options) {
      if (closed) throw hasEnded();
      const thread = startThread(options, () => alive.delete(thread));
      alive.add(thread);
      return thread;
    },
    async close() {
      closed = true;
      await Promise.all([...alive].map((thread) => thread.end()));
    },
  };
}

const hasEnded = (): Error => new Error('The planning thread has ended.');

function startThread(workerData: PlannerOptions, onEnd: () => void): PlanningThread {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData,
    env: environmentOfThread(),
    // Without the flags of this process, which may load something into each thread.
    execArgv: [],
    resourceLimits: memory,
  });
  const read = Promise.withResolvers<SupergraphTexts>();
  const ready = Promise.withResolvers<void>();
  let asked: PromiseWithResolvers<string> | undefined;
  let usedMs = 0;
  let ended = false;
  for (const { promise } of [read, ready]) promise.catch(() => undefined);

  const fail = (error: unknown): void => {
    for (const each of [read, ready, asked]) each?.reject(error);
  };

  worker.on('message', (said: Said) => {
    if (said.kind === 'read') return read.resolve(said.supergraph);
    ({ usedMs } = said);
    if (said.kind === 'planned') return asked?.resolve(said.plan);
    if (said.kind === 'failed') return fail(asError(said));
    // From now on it keeps no process alive by itself, unless somebody waits for its end.
    if (!ended) worker.unref();
    return ready.resolve();
  });
  const over = (error: unknown): void => {
    ended = true;
    fail(error);
    onEnd();
  };
  worker.on('error', over);
  worker.on('exit', () => over(hasEnded()));

  async function end(): Promise<void> {
    ended = true;
    await worker.terminate();
  }

  /** Looks again and again what the thread has used. By its own CPU, so that a machine that is busy with something else refuses nobody. */
  function limited(answer: PromiseWithResolvers<string>, withinMs: number): void {
    const beforeMs = usedMs;
    let timer = setTimeout(look, withinMs);
    function look(): void {
      worker.cpuUsage().then(
        ({ user, system }) => {
          const leftMs = withinMs - ((user + system) / 1_000 - beforeMs);
          if (asked !== answer) return;
          if (leftMs > 0) timer = setTimeout(look, Math.max(leftMs, 5));
          else {
            answer.reject(tooComplex());
            void end();
          }
        },
        () => undefined,
      );
    }
    const stop = (): void => {
      if (asked === answer) asked = undefined;
      clearTimeout(timer);
    };
    answer.promise.then(stop, stop);
  }

  return {
    read: read.promise,
    ready: ready.promise,
    get ended() {
      return ended;
    },
    plan(operation, withinMs) {
      if (ended) return Promise.reject(hasEnded());
      asked = Promise.withResolvers();
      limited(asked, withinMs);
      worker.postMessage(operation);
      return asked.promise;
    },
    end,
  };
}

const asError = ({ message, extensions }: Failure): Error => (extensions ? new GraphQLError(message, { extensions }) : new Error(message));
