import { system } from '@storegraph/auth';
import { newId, type Logger } from '@storegraph/core';
import { drizzle } from 'drizzle-orm/postgres-js';
import { parsePgArray } from 'drizzle-orm/pg-core/utils/array';
import postgres from 'postgres';
import { createPermits } from './permits.ts';
import { createSession, type Db, type SessionHooks } from './session.ts';
import { transact, type Connections, type Scope, type Tx } from './transaction.ts';

export interface PoolOptions {
  /** A login made by `migrate`, see `loginUrl`. */
  readonly url: string;
  /** The deployment's prefix of role names. */
  readonly prefix?: string;
  readonly max?: number;
  /** How long a transaction waits for a connection before it fails with POOL_TIMEOUT. */
  readonly acquireTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly transactionTimeoutMs?: number;
  readonly applicationName?: string;
  /** Sees each statement that is sent, those that begin and end transactions included. For tests: it slows the driver. */
  readonly onStatement?: ((sql: string) => void) | undefined;
  readonly log?: Logger;
}

export interface Pool {
  readonly max: number;
  session(scope: Scope, hooks?: SessionHooks): Db;
  /** Runs one transaction as the domain's sweeping role: kind SYSTEM, bound to no store, sees what policies give to that role. */
  sweep<T>(domain: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function openPool(options: PoolOptions): Pool {
  const { url, prefix = 'storegraph', max = 10, acquireTimeoutMs = 5_000, onStatement } = options;
  const statementTimeoutMs = options.statementTimeoutMs ?? 15_000;
  // Of our patch of the driver: a server that has not answered long after it should have given up is gone.
  const patched = { stall_timeout: statementTimeoutMs / 1_000 + 5 };
  const sql = postgres(url, {
    ...patched,
    max,
    connect_timeout: 10,
    // Seconds between attempts to connect: the driver's own grow to 20, long after the server is back.
    backoff: (attempts: number) => Math.min(0.01 * 2 ** attempts, 0.5) * (0.5 + Math.random() / 2),
    // The query for array types would run before the first statement of each connection, without a role.
    fetch_types: false,
    types: { arrays },
    onnotice: (notice) => options.log?.debug({ code: notice['code'] ?? '' }, 'notice of the database'),
    ...(onStatement ? { debug: (_connection: number, statement: string) => onStatement(statement) } : {}),
    connection: {
      application_name: options.applicationName ?? 'storegraph',
      statement_timeout: statementTimeoutMs,
      transaction_timeout: options.transactionTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: 10_000,
    },
  });
  // Sets how the driver reads and writes dates and JSON; queries go through each transaction's own Drizzle.
  drizzle(sql);
  const connections: Connections = { sql, permits: createPermits(max, acquireTimeoutMs), prefix };

  return {
    max,
    session: (scope, hooks) => createSession(connections, scope, hooks),
    sweep: (domain, fn) => {
      const scope: Scope = { domain, identity: system(null), correlationId: newId('req'), origin: 'LIVE' };
      return transact(connections, { mode: 'read write', role: `${prefix}_${domain}_system`, scope }, fn);
    },
    close: async () => {
      connections.permits.close();
      await sql.end({ timeout: 5 });
    },
  };
}

// text[], varchar[], uuid[], int4[], int8[]: columns are read by Drizzle, this is for expressions such as array_agg.
const arrays = {
  to: 1009,
  from: [1009, 1015, 2951, 1007, 1016],
  serialize: (value: string) => value,
  parse: (text: string): unknown => parsePgArray(text),
};
