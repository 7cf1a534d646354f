import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@storegraph/database';
import { prepareTemplate } from '@storegraph/database/testing';
import type { TestProject } from 'vitest/node';
import { allSchemas, testSecret } from './deployment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** An administrator's address of the run's PostgreSQL server. */
    adminUrl: string;
  }
}

let stop: (() => Promise<void>) | undefined;

/** One real PostgreSQL server for the whole run, with a migrated template that every test file clones. */
export async function setup(project: TestProject): Promise<void> {
  // The embedded server ends with this process, but only when that ends by itself and not by a signal's default.
  process.once('SIGTERM', () => process.exit(143));
  const dataDir = await mkdtemp(join(tmpdir(), 'storegraph-test-'));
  // Durability is not what these tests are about; the tests that restart a server start one of their own.
  const server = await startEmbedded({ dataDir, settings: { fsync: 'off', synchronous_commit: 'off', max_connections: '300' } });
  stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  await prepareTemplate({ adminUrl: server.adminUrl, domains: allSchemas, secret: testSecret });
  project.provide('adminUrl', server.adminUrl);
}

export async function teardown(): Promise<void> {
  await stop?.();
}
