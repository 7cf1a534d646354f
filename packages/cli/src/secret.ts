import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError, type Environment } from '@storegraph/core';

/**
 * The one secret that a deployment's other secrets are derived from: STOREGRAPH_SECRET, or one made once and kept in the data folder.
 * In production with a database of the operator's own it has to be given, since several machines must share it.
 */
export async function deploymentSecret(settings: Environment, dataDir: string): Promise<string> {
  if (settings.STOREGRAPH_SECRET) return settings.STOREGRAPH_SECRET;
  if (settings.NODE_ENV === 'production' && settings.DATABASE_URL) {
    throw new OperatorError('STOREGRAPH_SECRET is not set.', 'Give 32 random characters or more, the same to every process.');
  }
  const file = join(dataDir, 'secret');
  try {
    await mkdir(dataDir, { recursive: true });
    // `wx`: of two processes that start at once, one writes and both read the same.
    await writeFile(file, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unusable(dataDir, error);
  }
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

const unusable = (dataDir: string, cause: unknown) =>
  new OperatorError(
    `The data folder ${dataDir} can not be used: ${codeOf(cause)}.`,
    'Give a folder that this user may write with --data.',
    { cause },
  );

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));
