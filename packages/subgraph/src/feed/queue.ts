/** What one subscriber has yet to take: so much and no more. */
export interface Queue<T> extends AsyncIterator<T, void> {
  /** Adds a thing, or ends the queue with `overflow` where it is full: what waits in it is dropped, for the subscriber will ask for it again. */
  push(thing: T): void;
  end(error?: Error): void;
}

/** `most`: how many things may wait. `onEnd` is called once, however it ends. */
export function createQueue<T>(most: number, overflow: () => Error, onEnd: () => void): Queue<T> {
  let waiting: T[] = [];
  let asked: PromiseWithResolvers<IteratorResult<T, void>> | undefined;
  let ended: { readonly error?: Error | undefined } | undefined;

  const end = (error?: Error) => {
    if (ended) return;
    ended = { error };
    if (error) waiting = [];
    const { resolve, reject } = asked ?? {};
    asked = undefined;
    if (error) reject?.(error);
    else resolve?.({ done: true, value: undefined });
    // Told once, to whoever asked or to the next who does.
    if (error && reject) ended = {};
    onEnd();
  };

  return {
    push(thing) {
      if (ended) return;
      if (asked) {
        const { resolve } = asked;
        asked = undefined;
        resolve({ done: false, value: thing });
      } else if (waiting.length < most) waiting.push(thing);
      else end(overflow());
    },
    end,
    next() {
      const [thing] = waiting.splice(0, 1);
      if (thing !== undefined) return Promise.resolve({ done: false, value: thing });
      if (ended) {
        const { error } = ended;
        ended = {};
        return error ? Promise.reject(error) : Promise.resolve({ done: true, value: undefined });
      }
      asked ??= Promise.withResolvers();
      return asked.promise;
    },
    return() {
      waiting = [];
      end();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
