import { system, type Identity } from '@storegraph/auth';
import { toUuid, type StoreId } from '@storegraph/core';
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import { PgDatabase, PgDialect } from 'drizzle-orm/pg-core';
import { PostgresJsSession, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import type { Sql, TransactionSql } from 'postgres';
import { DatabaseError, sqlState } from './errors.ts';
import type { Permits } from './permits.ts';

/** What a transaction acts for: a domain's role, an identity, and what events made in it will say of their origin. */
export interface Scope {
  readonly domain: string;
  readonly identity: Identity;
  readonly correlationId: string;
  readonly origin: 'LIVE' | 'IMPORT';
}

type NoSchema = Record<string, never>;
type Queries = PgDatabase<PostgresJsQueryResultHKT, NoSchema, ExtractTablesWithRelations<NoSchema>>;

/** Drizzle's query API, bound to one transaction. Nested transactions are `savepoint(tx, …)`. */
export type Tx = Omit<Queries, 'transaction'> & { readonly scope: Scope };

export interface Connections {
  readonly sql: Sql;
  readonly permits: Permits;
  readonly prefix: string;
}

interface Transaction {
  readonly mode: 'read only' | 'read write';
  readonly role: string;
  readonly scope: Scope;
}

interface Handle {
  current: TransactionSql;
  ended: boolean;
  /** Fails when the role or the settings could not be set; every statement of the transaction then fails for that. */
  readonly begun: Promise<unknown>;
  readonly afterCommit: (() => void)[];
  /** Statements that only the end of the transaction, or of the savepoint, waits for. */
  readonly pending: Promise<unknown>[];
  /** Sends a statement now and not when it is awaited: statements arrive in the order in which they were made. */
  send(text: string, values: readonly unknown[]): ReturnType<Sql['unsafe']>;
}

// Drizzle asks for unprepared statements, which cost two round trips each. Lists of every length would fill the server's memory, though: a
// connection keeps what it has prepared.
const mostPrepared = 64;

const dialect = new PgDialect({ casing: 'snake_case' });

// The driver's handle of a transaction; inside a savepoint, the savepoint's.
const handles = new WeakMap<Tx, Handle>();

/** Runs `work` in a transaction of its own: committed when it gives a value, rolled back when it throws. */
export async function transact<T>(
  { sql, permits }: Connections,
  { mode, role, scope }: Transaction,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const release = await permits.acquire();
  const pending: Promise<unknown>[] = [];
  try {
    // The driver's type unwraps arrays of promises, which no caller gives it.
    const [value, acts] = await sql.begin(mode, async (client) => {
      // Not awaited: it travels with the first statement, and if it fails then that one fails as well.
      const settings = client.unsafe(setScope, settingsOf(role, scope.identity), { prepare: true }).execute();
      const tx = bind(client, scope, settings, pending);
      try {
        const result = await work(tx);
        await settings;
        return [result, handleOf(tx).afterCommit] as const;
      } catch (error) {
        await settings;
        throw error;
      } finally {
        // A statement that comes late would run in the transaction of whoever has the connection next.
        handleOf(tx).ended = true;
      }
    });
    for (const act of acts) act();
    return value as T;
  } catch (error) {
    throw (await failureAmong(pending, error)) ?? error;
  } finally {
    release();
  }
}

/** Runs `work` so that its failure undoes only what it did itself, and the transaction can go on. */
export async function savepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { pending } = handleOf(tx);
  const before = pending.length;
  return openSavepoint(tx, async () => {
    const value = await work();
    await Promise.all(pending.slice(before));
    return value;
  });
}

/** A `savepoint` that is not waited for at its end: what is `unawaited` in it may fail the transaction later. */
export async function openSavepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const handle = handleOf(tx);
  const { current: outer, pending } = handle;
  const before = pending.length;
  try {
    const [value] = await outer.savepoint(async (inner) => {
      handle.current = inner;
      return [await work()] as const;
    });
    return value as T;
  } catch (error) {
    // Undone, and so is its failure.
    pending.length = before;
    throw error;
  } finally {
    handle.current = outer;
  }
}

/**
 * Sends a statement whose rows nobody needs, and leaves it to the end of the transaction (or of the `savepoint`) to wait for it: so it takes no
 * round trip of its own. Where it fails, the transaction fails with its error.
 */
export function unawaited(tx: Tx, statement: { execute(): Promise<unknown> }): void {
  const answer = statement.execute();
  // Known again at the end.
  answer.catch(() => undefined);
  handleOf(tx).pending.push(answer);
}

/** Where statements, or the commit, failed only because the transaction had failed before: the reason for it. */
async function failureAmong(statements: readonly Promise<unknown>[], error: unknown): Promise<Error | undefined> {
  if (!['25P02', 'TRANSACTION_ABORTED'].includes(sqlState(error) ?? '')) return undefined;
  for (const answer of statements) {
    const failure: unknown = await answer.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (failure instanceof Error) return failure;
  }
  return undefined;
}

/** Calls `act` when the server has acknowledged the commit, and never after a rollback. It must not throw. */
export function afterCommit(tx: Tx, act: () => void): void {
  handleOf(tx).afterCommit.push(act);
}

/** The driver's own handle, for what Drizzle has no word for (COPY). */
export const handleOf = (tx: Tx): Handle => {
  const handle = handles.get(tx);
  if (!handle) throw new Error('Not a transaction of this package');
  return handle;
};

const setScope =
  "select set_config('role', $1, true), set_config('app.kind', $2, true), set_config('app.store_id', $3, true), " +
  "set_config('app.user_id', $4, true), set_config('app.customer_id', $5, true)";

function settingsOf(role: string, { kind, storeId, subjectId }: Identity): string[] {
  const subject = subjectId ? toUuid(subjectId) : '';
  const isUser = kind === 'STAFF' || kind === 'PLATFORM';
  return [role, kind, storeId ? toUuid(storeId) : '', isUser ? subject : '', kind === 'CUSTOMER' ? subject : ''];
}

function bind(client: TransactionSql, scope: Scope, begun: Promise<unknown>, pending: Promise<unknown>[]): Tx {
  const handle: Handle = {
    current: client,
    ended: false,
    begun,
    afterCommit: [],
    pending,
    send(text, values) {
      if (handle.ended) throw new DatabaseError('TRANSACTION_ENDED', 'The transaction has ended');
      return handle.current.unsafe(text, values as never[], { prepare: values.length <= mostPrepared }).execute();
    },
  };
  const tx = queriesOn({ unsafe: handle.send }, scope);
  handles.set(tx, handle);
  return tx;
}

/** A transaction that takes queries and sends none, for what is only to be made ready. `storeId` is the store that `own` names. */
export const draft = (storeId: StoreId): Tx => queriesOn({}, { domain: '', identity: system(storeId), correlationId: '', origin: 'LIVE' });

/** `client`: all that Drizzle's session asks of one. */
function queriesOn(client: { unsafe?: Handle['send'] }, scope: Scope): Tx {
  const session = new PostgresJsSession<Sql, NoSchema, ExtractTablesWithRelations<NoSchema>>(client as unknown as Sql, dialect, undefined);
  return Object.assign(
    new PgDatabase<PostgresJsQueryResultHKT, NoSchema, ExtractTablesWithRelations<NoSchema>>(dialect, session, undefined),
    { scope },
  );
}
