import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { asAdmin } from '../migrate/admin.ts';
import { findBinaries, serverAccount } from './binaries.ts';
import { administrator, adminUrlOf, databaseName, ensureCluster, readPassword } from './cluster.ts';
import { holderOf, takeFolder } from './holder.ts';
import { clearLeftOver, freePort, runServer, serverOf, stopServer } from './server.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Any free one by default. */
  readonly port?: number;
  /** Server settings on top of ours, such as `fsync: 'off'` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Embedded {
  readonly adminUrl: string;
  /** Gives when the server's process has ended, within seconds, whatever its clients do. */
  stop(): Promise<void>;
}

/**
 * Runs a PostgreSQL server of our own on a data folder, and keeps the data. It ends with this process, unless this is killed (SIGKILL): then it
 * runs on, and the next start on that folder ends it first. Throws an OperatorError when another living process has the folder.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir);
  const binaries = await findBinaries();
  const account = await serverAccount();
  await mkdir(dataDir, { recursive: true });
  const leaveFolder = await takeFolder(dataDir);
  try {
    await ensureCluster(dataDir, binaries, account);
    await clearLeftOver(dataDir);
    const port = options.port ?? (await freePort());
    const server = await runServer(binaries, account, { dataDir, port, settings: options.settings ?? {} });
    const pid = server.pid ?? 0;
    const endWithProcess = () => void server.kill('SIGINT');
    process.once('exit', endWithProcess);
    const stop = async () => {
      await stopServer(pid);
      process.off('exit', endWithProcess);
      await leaveFolder();
    };
    try {
      const adminUrl = adminUrlOf(port, await readPassword(dataDir));
      await ensureDatabase(adminUrl);
      return { adminUrl, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    await leaveFolder();
    throw error;
  }
}

/** The server that another process of this machine runs on the folder, if one does. */
export async function runningEmbedded({ dataDir }: Pick<EmbeddedOptions, 'dataDir'>): Promise<{ adminUrl: string } | null> {
  const folder = resolve(dataDir);
  const server = (await holderOf(folder)) === null ? null : await serverOf(folder);
  return server?.ready ? { adminUrl: adminUrlOf(server.port, await readPassword(folder)) } : null;
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = `/${administrator}`;
  await asAdmin(url.href, async (admin) => {
    const known = await admin`select from pg_database where datname = ${databaseName}`;
    if (known.length === 0) await admin.unsafe(`create database ${databaseName}`);
  });
}
