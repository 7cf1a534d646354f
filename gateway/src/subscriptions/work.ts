import type { GraphQLSchema } from 'graphql';
import type { RequestContext } from '../context.ts';
import type { AskedOperation } from '../operations/operations.ts';
import type { SubscriptionMetrics } from './metrics.ts';
import type { Runner, Running } from './runner.ts';
import type { Listener } from './upstream.ts';

/** The operations that are under way over one connection. */
export interface Work {
  readonly count: number;
  /** Gives the function that gives it up. */
  run(asked: AskedOperation, caller: RequestContext, listener: Listener): () => void;
  /** Whether there is a subscription that was made for another schema. */
  isOutdated(schema: GraphQLSchema): boolean;
  /** Ends the subscriptions, and waits for the queries and mutations, so many milliseconds at most. */
  finish(withinMs: number): Promise<void>;
  cancel(): void;
}

export function createWork(runner: Runner, metrics: SubscriptionMetrics): Work {
  const all = new Set<Running>();
  let idle: (() => void) | undefined;
  let finishing = false;

  function remove(running: Running): boolean {
    if (!all.delete(running)) return false;
    if (running.live) metrics.subscriptions.dec();
    if (all.size === 0) idle?.();
    return true;
  }

  function cancel(only: (running: Running) => boolean): void {
    for (const running of [...all]) if (only(running) && remove(running)) running.cancel();
  }

  return {
    get count() {
      return all.size;
    },
    run(asked, caller, listener) {
      const last =
        <T extends unknown[]>(tell: (...told: T) => void) =>
        (...told: T) => {
          remove(running);
          tell(...told);
        };
      const running = runner.run(
        asked,
        caller,
        {
          next: (text) => {
            if (running.live) metrics.events.inc();
            return listener.next(text);
          },
          complete: last(listener.complete),
          error: last(listener.error),
          lost: last(listener.lost),
        },
        () => {
          metrics.subscriptions.inc();
          if (finishing) cancel((each) => each === running);
        },
      );
      all.add(running);
      return () => cancel((each) => each === running);
    },
    isOutdated: (schema) => [...all].some(({ live }) => live !== null && live !== schema),
    async finish(withinMs) {
      finishing = true;
      cancel(({ live }) => live !== null);
      if (all.size === 0) return;
      const done = Promise.withResolvers<void>();
      idle = done.resolve;
      const timer = setTimeout(done.resolve, withinMs);
      await done.promise;
      clearTimeout(timer);
    },
    cancel: () => cancel(() => true),
  };
}
