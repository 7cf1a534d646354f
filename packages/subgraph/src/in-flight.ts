export interface InFlight {
  track<T>(work: Promise<T>): Promise<T>;
  closing(): boolean;
  /** Calls the listener when a closing process can wait no longer, at once where that has come. Gives what takes the listener back. */
  onGivenUp(listener: () => void): () => void;
  /** Waits for what is tracked, at most `graceMs`, then aborts it and waits for its end. Again: the same closing. */
  close(graceMs: number): Promise<void>;
}

/** Knows what is being worked on, so that a process can end without cutting it off. */
export function createInFlight(): InFlight {
  const working = new Set<Promise<unknown>>();
  const listeners = new Set<() => void>();
  let givenUp = false;
  let closed: Promise<void> | undefined;

  async function drained(): Promise<void> {
    while (working.size > 0) await Promise.allSettled(working);
  }

  function giveUp(): void {
    givenUp = true;
    for (const listener of listeners) listener();
  }

  async function close(graceMs: number): Promise<void> {
    const timer = setTimeout(giveUp, graceMs);
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
    onGivenUp(listener) {
      if (givenUp) listener();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: (graceMs) => (closed ??= close(graceMs)),
  };
}
