import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '@storegraph/core';
import type { Account, Binaries } from './binaries.ts';

export const administrator = 'postgres';
export const databaseName = 'storegraph';

export const clusterDir = (dataDir: string): string => join(dataDir, 'cluster');
const passwordFile = (dataDir: string): string => join(dataDir, 'password');

export const adminUrlOf = (port: number, password: string): string =>
  `postgres://${administrator}:${password}@127.0.0.1:${port}/${databaseName}`;

export const readPassword = async (dataDir: string): Promise<string> => (await readFile(passwordFile(dataDir), 'utf8')).trim();

/** Makes the database cluster on first use, with a random password that only the owner of the folder can read. */
export async function ensureCluster(dataDir: string, { initdb }: Binaries, account: Account): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  if (account.uid !== undefined && account.gid !== undefined) await chown(dataDir, account.uid, account.gid);
  if (await isCluster(clusterDir(dataDir))) return;

  // Made aside and renamed, so that a half-made cluster is never taken for one.
  const unfinished = join(dataDir, 'cluster.unfinished');
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile(dataDir), `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) await chown(passwordFile(dataDir), account.uid, account.gid);
  await chmod(passwordFile(dataDir), 0o600);
  const options = [
    `--pgdata=${unfinished}`,
    `--username=${administrator}`,
    `--pwfile=${passwordFile(dataDir)}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of texts on every machine.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  try {
    await promisify(execFile)(initdb, options, { ...account, cwd: dataDir });
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new OperatorError(
      `No database could be made in ${dataDir}: ${output.split('\n').at(-1)}`,
      account.uid === undefined
        ? null
        : 'The user "postgres" must be able to reach that folder, and the one that the program is installed in.',
      { cause: error },
    );
  }
  await rename(unfinished, clusterDir(dataDir));
}

const isCluster = (folder: string): Promise<boolean> =>
  readFile(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
