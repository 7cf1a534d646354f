/** What arrives faster than it is taken, as an async iterator. */
export interface Queue<T> extends AsyncIterableIterator<T, void> {
  push(value: T): void;
  /** How much waits to be taken. */
  readonly size: number;
  /** Forgets what waits. */
  drop(): void;
  /** No more will come. What waits can still be taken; then it ends, with the error if there is one. */
  end(error?: Error): void;
}

/** How much waits in several queues together. */
export interface Tally {
  count: number;
}

/** `onReturn` is called when the reader leaves, whether or not the queue had ended. What waited is dropped then. */
export function createQueue<T>(tally: Tally, onReturn: () => void): Queue<T> {
  let waiting: T[] = [];
  const asked: PromiseWithResolvers<IteratorResult<T, void>>[] = [];
  let ended: { readonly error: Error | undefined } | undefined;
  const over = { done: true, value: undefined } as const;

  const end = (error?: Error) => {
    if (ended) return;
    ended = { error };
    for (const [index, { resolve, reject }] of asked.splice(0).entries()) {
      // Told once.
      if (error && index === 0) reject(error);
      else resolve(over);
      ended = { error: undefined };
    }
  };

  const drop = () => {
    tally.count -= waiting.length;
    waiting = [];
  };

  return {
    push(value) {
      if (ended) return;
      const first = asked.shift();
      if (first) first.resolve({ done: false, value });
      else {
        waiting.push(value);
        tally.count += 1;
      }
    },
    get size() {
      return waiting.length;
    },
    drop,
    end,
    next() {
      if (waiting.length > 0) {
        tally.count -= 1;
        return Promise.resolve({ done: false, value: waiting.shift() as T });
      }
      if (ended) {
        const { error } = ended;
        ended = { error: undefined };
        return error ? Promise.reject(error) : Promise.resolve(over);
      }
      const next = Promise.withResolvers<IteratorResult<T, void>>();
      asked.push(next);
      return next.promise;
    },
    return() {
      drop();
      end();
      onReturn();
      return Promise.resolve(over);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
