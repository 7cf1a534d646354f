import type { Logger } from '@storegraph/core';
import { parsePgArray } from 'drizzle-orm/pg-core/utils/array';
import postgres from 'postgres';
import { openListener } from './listener.ts';
import { allLogin, roleName } from './migrate/names.ts';

/** Bare statements, each its own transaction unless told, on connections that no request ever gets: session locks, LISTEN, and the job queue. */
export interface Direct {
  /** Rows of one statement; of the last one that gives rows, where the text holds several and no parameters. */
  query<T>(text: string, params?: readonly unknown[]): Promise<T[]>;
  /** Runs `work` in one transaction: its statements are sent as they are asked for, and answered in that sequence. Rolled back when it throws. */
  transaction<T>(work: (query: <Row>(text: string, params: readonly unknown[]) => Promise<Row[]>) => Promise<T>): Promise<T>;
  /**
   * Listens, on a connection of its own, until the function it gives is called. `onReady` is called after each (re)connection: whatever was sent
   * before it may have been missed.
   */
  listen(channel: string, onMessage: (payload: string) => void, onReady?: () => void): () => Promise<void>;
  close(): Promise<void>;
}

export interface DirectOptions {
  readonly url: string;
  /** The role that every statement runs with; the login's own without it. */
  readonly role?: string | undefined;
  readonly max?: number;
  readonly applicationName?: string;
  readonly log?: Logger;
}

const connectTimeoutSeconds = 10;
const closeTimeoutSeconds = 5;
const statementTimeoutMs = 30_000;

/** Opens no connection before the first statement, and a new one after a loss: session locks are gone then (compare `pg_backend_pid()`). */
export function openDirect({ url, role, max = 1, applicationName = 'storegraph', log }: DirectOptions): Direct {
  const options = {
    max,
    // A connection that holds a lock or listens is not exchanged for its age.
    max_lifetime: null,
    connect_timeout: connectTimeoutSeconds,
    fetch_types: false,
    onnotice: (notice: postgres.Notice) => log?.debug({ code: notice['code'] ?? '' }, 'notice of the database'),
    connection: { application_name: applicationName, statement_timeout: statementTimeoutMs, ...(role === undefined ? {} : { role }) },
    types: {
      // The parameters come serialised (see `parameter`); postgres would serialise text for JSON and instants once more.
      json: { to: 114, from: [114, 3802], serialize: String, parse: (value: string): unknown => JSON.parse(value) },
      arrays: { to: 1009, from: [1009, 1015, 2951, 1007, 1016], serialize: String, parse: (value: string): unknown => parsePgArray(value) },
      date: { to: 1184, from: [1082, 1114, 1184], serialize: String, parse: (value: string) => new Date(value) },
    },
  };
  const sql = postgres(url, options);
  const listeners = new Set<() => Promise<void>>();

  return {
    async query<T>(statement: string, params: readonly unknown[] = []): Promise<T[]> {
      if (params.length > 0) return rowsOf<T>(await sql.unsafe(statement, params.map(parameter), { prepare: true }));
      if (!/\bbegin\s*;/i.test(statement)) return rowsOf<T>(await sql.unsafe(statement));
      // A text with a transaction of its own: where it fails in the middle, the connection would stay in the failed transaction.
      const reserved = await sql.reserve();
      try {
        return rowsOf<T>(await reserved.unsafe(statement));
      } catch (error) {
        await reserved.unsafe('rollback').catch(() => undefined);
        throw error;
      } finally {
        reserved.release();
      }
    },
    async transaction<T>(work: (query: <Row>(text: string, params: readonly unknown[]) => Promise<Row[]>) => Promise<T>): Promise<T> {
      const [value] = await sql.begin(async (client) => [
        await work(async <Row>(text: string, params: readonly unknown[]) =>
          rowsOf<Row>(await client.unsafe(text, params.map(parameter), { prepare: true })),
        ),
      ]);
      return value as T;
    },
    listen(channel, onMessage, onReady) {
      const close = openListener((hooks) => postgres(url, { ...options, max: 1, ...hooks }), channel, onMessage, onReady);
      const stop = async () => {
        listeners.delete(stop);
        await close();
      };
      listeners.add(stop);
      return stop;
    },
    async close() {
      await Promise.all([...listeners].map((stop) => stop()));
      await sql.end({ timeout: closeTimeoutSeconds });
    },
  };
}

/**
 * The role of dispatchers and workers that the login of `url` may take: a domain's own; with the login of all domains that of `kernel` (events, jobs),
 * which serves every domain; undefined for a login of no domain (the gateway's).
 */
export function systemRoleOf({ url, prefix, kernel }: { url: string; prefix: string; kernel: string }): string | undefined {
  const login = decodeURIComponent(new URL(url).username);
  if (login === allLogin(prefix)) return roleName({ prefix, domain: kernel, kind: 'system' });
  const domain = /^_([a-z][a-z0-9]*)_login$/.exec(login.startsWith(prefix) ? login.slice(prefix.length) : '')?.[1];
  return domain === undefined || domain === gatewayName ? undefined : roleName({ prefix, domain, kind: 'system' });
}

/** The only process that has a login and no domain. */
const gatewayName = 'gateway';

function rowsOf<T>(result: unknown): T[] {
  if (!Array.isArray(result)) return [];
  const results: readonly unknown[] = result;
  const several = results.filter((each): each is T[] => Array.isArray(each));
  if (several.length === 0) return [...(results as readonly T[])];
  return several.findLast((rows) => rows.length > 0) ?? [];
}

type Parameter = string | number | boolean | bigint | Uint8Array | null;

/** As node-postgres does it: arrays as array literals, objects as JSON, instants in ISO form. */
function parameter(value: unknown): Parameter {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`;
  return JSON.stringify(value);
}

function element(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`;
  return `"${String(parameter(value)).replace(/["\\]/g, '\\$&')}"`;
}
