import { createLogger, type Logger } from '@storegraph/core';
import { loginUrl, openPool, type Pool } from '@storegraph/database';
import { cloneTemplate, type TestClone } from '@storegraph/database/testing';
import { inject } from 'vitest';
import { atEnd } from './at-end.ts';
import { rolePrefix, testSecret } from './deployment.ts';

export interface TestDatabase {
  /** With the rights of every domain, as the all-in-one process has them. */
  readonly pool: Pool;
  readonly url: string;
  readonly adminUrl: string;
  /** Asks as the administrator, past every right and policy: for what a test has to see, never for what it tests. */
  admin<Row extends Record<string, unknown> = Record<string, unknown>>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** The statements sent through `pool` since the last call of `statements()`. */
  statements(): string[];
  /** A login of one domain alone, as a split process has it. */
  loginOf(domain: string): string;
}

interface Options {
  readonly poolSize?: number;
  readonly log?: Logger;
}

/** A database for this test file, cloned from the migrated template and dropped at its end. Call it in `beforeAll` or at top level. */
export async function testDatabase({ poolSize = 10, log = createLogger({ level: 'silent' }) }: Options = {}): Promise<TestDatabase> {
  const clone: TestClone = await cloneTemplate(inject('adminUrl'));
  const { adminUrl } = clone;
  const loginOf = (domain: string) => loginUrl({ adminUrl, prefix: rolePrefix, secret: testSecret, domain });
  const url = loginOf('all');
  let seen: string[] = [];
  const pool = openPool({
    url,
    prefix: rolePrefix,
    max: poolSize,
    applicationName: 'test',
    log,
    onStatement: (statement) => void seen.push(statement),
  });
  atEnd(async () => {
    await pool.close();
    await clone.drop();
  });
  return {
    pool,
    url,
    adminUrl,
    admin: clone.admin,
    statements: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
    loginOf,
  };
}
