import { AsyncLocalStorage } from 'node:async_hooks';
import { DatabaseError, type Db, type Pool, type Scope, type SessionHooks, type Tx } from '@storegraph/database';

/** The database sessions of one request, one for each identity it works as, of which only one holds a connection at any time. */
export interface Sessions {
  open(scope: Scope): Db;
  /** Ends whatever is open. No session of the request can be used any more. */
  end(): Promise<void>;
}

interface Active {
  readonly owner: object;
  readonly session: Db;
  /** Settles when the session before has given its connection back. */
  readonly ready: Promise<void>;
  users: number;
  idle: PromiseWithResolvers<void>;
}

export function createSessions(pool: Pool, hooks: SessionHooks): Sessions {
  const inside = new AsyncLocalStorage<object>();
  let active: Active | undefined;
  let ended = false;

  /** The owner's session, once no other one is in use. */
  async function enter(owner: object, scope: Scope): Promise<Active> {
    while (active && active.owner !== owner && active.users > 0) await active.idle.promise;
    if (ended) throw new DatabaseError('SESSION_ENDED', 'The request has ended, and its database session with it');
    if (active?.owner !== owner) {
      const ready = active ? active.session.end() : Promise.resolve();
      active = { owner, session: pool.session(scope, hooks), ready, users: 0, idle: Promise.withResolvers() };
    }
    active.users += 1;
    return active;
  }

  function leave(left: Active): void {
    left.users -= 1;
    if (left.users > 0) return;
    left.idle.resolve();
    left.idle = Promise.withResolvers();
  }

  async function use<T>(owner: object, scope: Scope, work: (session: Db) => Promise<T>): Promise<T> {
    const outer = inside.getStore();
    // To wait would be to wait for itself.
    if (outer && outer !== owner)
      throw new DatabaseError('NESTED_WRITE', 'Inside a transaction of another identity; use the given transaction');
    const entered = await enter(owner, scope);
    try {
      await entered.ready;
      return await work(entered.session);
    } finally {
      leave(entered);
    }
  }

  return {
    open(scope) {
      const owner = {};
      const within =
        <T>(fn: (tx: Tx) => Promise<T>) =>
        (tx: Tx) =>
          inside.run(owner, () => fn(tx));
      return {
        scope,
        read: (fn) => use(owner, scope, (session) => session.read(within(fn))),
        write: (fn) => use(owner, scope, (session) => session.write(within(fn))),
        end: async () => {
          if (active?.owner === owner) await active.session.end();
        },
      };
    },
    async end() {
      ended = true;
      await active?.ready;
      await active?.session.end();
    },
  };
}
