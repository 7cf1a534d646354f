/** What one consumer has yet to take: so much and no more. */
export interface Queue<T> {
  /** Adds a thing. False when there is no room: it has not been taken. */
  push(thing: T): boolean;
  /** Ends it behind what is in it: with the error, told once, or without. */
  end(error?: Error): void;
  /** Drops what is in it, and ends it. */
  close(): void;
  next(): Promise<IteratorResult<T, void>>;
  /** Resolves when nothing waits in it, which it also does when it is closed. */
  drained(): Promise<void>;
}

export function createQueue<T>(most: number): Queue<T> {
  let things: T[] = [];
  let askers: PromiseWithResolvers<IteratorResult<T, void>>[] = [];
  const onDrained: (() => void)[] = [];
  let ended: { error?: Error | undefined } | undefined;

  const done = { done: true, value: undefined } as const;
  const tellDrained = () => {
    if (things.length > 0) return;
    for (const tell of onDrained.splice(0)) tell();
  };

  const end = (error?: Error) => {
    if (ended) return;
    ended = { error };
    const [first, ...others] = askers;
    askers = [];
    // Told once, to whoever asked or to the next who does.
    if (first) ended = {};
    if (error === undefined) first?.resolve(done);
    else first?.reject(error);
    for (const asker of others) asker.resolve(done);
  };

  return {
    push(thing) {
      if (ended) return false;
      const asker = askers.shift();
      if (asker) asker.resolve({ done: false, value: thing });
      else if (things.length < most) things.push(thing);
      else return false;
      return true;
    },
    end,
    close() {
      things = [];
      onDrained.splice(0).forEach((tell) => tell());
      end();
      ended = {};
    },
    next() {
      if (things.length > 0) {
        const [value] = things.splice(0, 1) as [T];
        tellDrained();
        return Promise.resolve({ done: false, value });
      }
      if (ended) {
        const { error } = ended;
        ended = {};
        return error === undefined ? Promise.resolve(done) : Promise.reject(error);
      }
      const asker = Promise.withResolvers<IteratorResult<T, void>>();
      askers.push(asker);
      return asker.promise;
    },
    drained() {
      return new Promise((resolve) => {
        onDrained.push(resolve);
        tellDrained();
      });
    },
  };
}
