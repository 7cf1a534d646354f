import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '@storegraph/core';
import type { Account, Binaries } from './binaries.ts';
import { clusterDir } from './cluster.ts';
import { commandOf, startOf } from './holder.ts';

export interface ServerOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}

const base: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // What a statement says, and the row that it fails for, is somebody's data.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** Runs the server, in a process group of its own so that a terminal's Ctrl-C leaves it to us to stop it. Gives it when it takes connections. */
export async function runServer(
  { postgres }: Binaries,
  account: Account,
  { dataDir, port, settings }: ServerOptions,
): Promise<ChildProcess> {
  const logPath = join(dataDir, 'postgres.log');
  const log = await open(logPath, 'w', 0o600);
  const flags = Object.entries({ ...base, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(postgres, ['-D', clusterDir(dataDir), '-p', String(port), ...flags], {
    ...account,
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await once(child, 'spawn');
  await log.close();
  child.unref();

  while (child.exitCode === null && child.signalCode === null) {
    const server = await serverOf(dataDir);
    if (server?.ready && server.pid === child.pid) return child;
    await sleep(20);
  }
  const lines = (await readFile(logPath, 'utf8')).trim().split('\n');
  const reason = lines.find((line) => line.includes('FATAL')) ?? lines.at(-1) ?? '';
  throw new OperatorError(`The embedded PostgreSQL did not start: ${reason.replace(/^.*FATAL: */, '')}`, `See ${logPath}.`);
}

/** Asks for a fast shutdown, then for one that leaves recovery to the next start, then kills. */
export async function stopServer(pid: number): Promise<void> {
  const start = startOf(pid);
  const gone = () => startOf(pid) !== start;
  for (const [signal, patience] of [
    ['SIGINT', 5_000],
    ['SIGQUIT', 2_000],
    ['SIGKILL', 2_000],
  ] as const) {
    if (start === undefined || gone()) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (const deadline = Date.now() + patience; Date.now() < deadline && !gone();) await sleep(20);
  }
}

/** What the server's own lock file says: process, port, and whether it takes connections. */
export async function serverOf(dataDir: string): Promise<{ pid: number; port: number; ready: boolean } | null> {
  const text = await readFile(lockFile(dataDir), 'utf8').catch(() => '');
  const [pid = '', , , port = '', , , , status = ''] = text.split('\n');
  return pid === '' ? null : { pid: Number(pid), port: Number(port), ready: status.trim() === 'ready' };
}

/** Ends a server that outlived its process (`kill -9`), and removes a lock file whose number now belongs to something else. */
export async function clearLeftOver(dataDir: string): Promise<void> {
  const server = await serverOf(dataDir);
  if (!server) return;
  if (commandOf(server.pid)?.includes(clusterDir(dataDir))) await stopServer(server.pid);
  else await rm(lockFile(dataDir), { force: true });
}

const lockFile = (dataDir: string): string => join(clusterDir(dataDir), 'postmaster.pid');

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}
