import { AsyncLocalStorage } from 'node:async_hooks';
import { isRefusal } from '@storegraph/core';
import { DatabaseError, isConnectionLoss, sqlState } from './errors.ts';
import { isReplay, isSettled } from './once.ts';
import { handleOf, transact, type Connections, type Scope, type Tx } from './transaction.ts';

/** One request's way to its domain's tables. It holds at most one connection at any time. */
export interface Db {
  readonly scope: Scope;
  /** Runs a query in the request's shared read-only transaction, or in the write that is running. */
  read<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs a command in a transaction of its own. It is rolled back when `fn` throws, or gives a refusal that `once` has not settled. */
  write<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** Ends the shared read. The Db can be used no more. */
  end(): Promise<void>;
}

export interface SessionHooks {
  /** Called when a write begins and when it has ended: whatever was read before may be stale. */
  readonly onWrite?: () => void;
  /** Called last inside the transaction of a command that succeeds. Not for refusals, nor for answers that `once` gives again. */
  readonly beforeCommit?: (tx: Tx, result: unknown) => Promise<void>;
}

interface SharedRead {
  readonly tx: Promise<Tx>;
  readonly running: Set<Promise<unknown>>;
  end(): void;
}

/** Carries a refusal out of a transaction, which only an error rolls back. */
class RolledBack extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('refused');
    this.result = result;
  }
}

export function createSession(connections: Connections, scope: Scope, { onWrite, beforeCommit }: SessionHooks = {}): Db {
  const role = `${connections.prefix}_${scope.domain}`;
  const inside = new AsyncLocalStorage<'read' | 'write'>();
  let shared: SharedRead | undefined;
  let writing: Tx | undefined;
  let ended = false;

  // Each transaction begins when the one before it has given its connection back, so that a request never holds two.
  let last: Promise<unknown> = Promise.resolve();
  function next<T>(run: () => Promise<T>): Promise<T> {
    const mine = last.then(run);
    last = mine.catch(() => undefined);
    return mine;
  }

  function openRead(): SharedRead {
    const opened = Promise.withResolvers<Tx>();
    const finish = Promise.withResolvers<void>();
    const closed = next(() =>
      transact(connections, { mode: 'read only', role, scope }, (tx) => {
        opened.resolve(tx);
        return finish.promise;
      }),
    );
    // How an opened one ends is of no interest: a read-only transaction has nothing to lose.
    closed.catch(opened.reject);
    return { tx: opened.promise, running: new Set(), end: finish.resolve };
  }

  async function readShared<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    const read = (shared ??= openRead());
    const running = read.tx.then((tx) => inside.run('read', () => fn(tx)));
    read.running.add(running);
    try {
      return await running;
    } catch (error) {
      // A failed statement has aborted the transaction: the next read opens another.
      if (sqlState(error) !== undefined && shared === read) {
        shared = undefined;
        read.end();
      }
      if (sqlState(error) === '25P02') await handleOf(await read.tx).begun;
      throw error;
    } finally {
      read.running.delete(running);
    }
  }

  async function readsDone(): Promise<void> {
    while (shared && shared.running.size > 0) await Promise.allSettled(shared.running);
  }

  function endRead(): void {
    shared?.end();
    shared = undefined;
  }

  async function command<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    await readsDone();
    // In the same tick as the last read's end, so that no other read begins before the write.
    endRead();
    try {
      return await next(() =>
        transact(connections, { mode: 'read write', role, scope }, async (tx) => {
          writing = tx;
          onWrite?.();
          try {
            const result = await inside.run('write', () => fn(tx));
            if (isRefusal(result)) {
              if (!isSettled(result)) throw new RolledBack(result);
            } else if (!isReplay(result)) {
              await beforeCommit?.(tx, result);
            }
            return result;
          } finally {
            writing = undefined;
          }
        }),
      );
    } catch (error) {
      if (error instanceof RolledBack) return error.result as T;
      throw error;
    } finally {
      onWrite?.();
    }
  }

  const assertOpen = () => {
    if (ended) throw new DatabaseError('SESSION_ENDED', 'The request has ended, and its database session with it');
  };

  return {
    scope,
    async read(fn) {
      assertOpen();
      if (writing) return fn(writing);
      try {
        return await readShared(fn);
      } catch (error) {
        // Another read of this request broke the transaction, or its connection was lost. Reading again is safe.
        if (!isCollateral(error)) throw error;
        return await (writing ? fn(writing) : readShared(fn));
      }
    },
    async write(fn) {
      assertOpen();
      if (inside.getStore()) throw new DatabaseError('NESTED_WRITE', 'A write inside a read or a write would wait for itself');
      return command(fn);
    },
    async end() {
      ended = true;
      await readsDone();
      endRead();
      await last;
    },
  };
}

const isCollateral = (error: unknown): boolean => {
  const state = sqlState(error);
  return state === '25P02' || state === 'TRANSACTION_ENDED' || isConnectionLoss(error);
};
