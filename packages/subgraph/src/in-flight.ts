import { setMaxListeners } from 'node:events';

export interface InFlight {
  track<T>(work: Promise<T>): Promise<T>;
  closing(): boolean;
  /** Aborts when a closing process can wait no longer. */
  readonly signal: AbortSignal;
  /** Waits for what is tracked, at most `graceMs`, then aborts it and waits for its end. Again: the same closing. */
  close(graceMs: number): Promise<void>;
}

/** Knows what is being worked on, so that a process can end without cutting it off. */
export function createInFlight(): InFlight {
  const working = new Set<Promise<unknown>>();
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let closed: Promise<void> | undefined;

  async function drained(): Promise<void> {
    while (working.size > 0) await Promise.allSettled(working);
  }

  async function close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => controller.abort(), graceMs);
    await drained();
    clearTimeout(timer);
  }

  return {
    track(work) {
      const entry = work.finally(() => working.delete(entry));
      working.add(entry);
      return entry;
    },
    closing: () => closed !== undefined,
    signal: controller.signal,
    close: (graceMs) => (closed ??= close(graceMs)),
  };
}
