import { DatabaseError } from './errors.ts';

export interface Permits {
  /** Waits for its turn, first come first served. The caller gives the permit back by calling what it got. */
  acquire(): Promise<() => void>;
  close(): void;
}

/** As many transactions as there are connections: whoever holds a permit finds a connection free, so nobody waits in the driver, unseen. */
export function createPermits(max: number, timeoutMs: number): Permits {
  const waiting = new Set<{ grant: () => void; refuse: (error: Error) => void }>();
  let free = max;
  let closed = false;

  const release = () => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const [next] = waiting;
      if (next) next.grant();
      else free += 1;
    };
  };

  return {
    acquire() {
      if (closed) return Promise.reject(new DatabaseError('POOL_CLOSED', 'The pool is closed'));
      if (free > 0) {
        free -= 1;
        return Promise.resolve(release());
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          waiting.delete(turn);
        };
        const turn = {
          grant: () => {
            leave();
            resolve(release());
          },
          refuse: (error: Error) => {
            leave();
            reject(error);
          },
        };
        const timer = setTimeout(
          () => turn.refuse(new DatabaseError('POOL_TIMEOUT', `All ${max} connections were in use for ${timeoutMs} ms`)),
          timeoutMs,
        );
        waiting.add(turn);
      });
    },
    close() {
      closed = true;
      for (const turn of waiting) turn.refuse(new DatabaseError('POOL_CLOSED', 'The pool is closed'));
    },
  };
}
