import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OperatorError } from '@storegraph/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOf } from '../src/embedded/holder.ts';
import { serverOf } from '../src/embedded/server.ts';
import { runningEmbedded, startEmbedded } from '../src/index.ts';
import { openAdmin } from '../src/migrate/admin.ts';

const module = new URL('../src/index.ts', import.meta.url).href;
const cwd = fileURLToPath(new URL('..', import.meta.url));
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'storegraph-embedded-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

async function ask(adminUrl: string, statement: string): Promise<unknown[]> {
  const admin = openAdmin(adminUrl);
  const rows = await admin.unsafe(statement);
  await admin.end();
  return [...rows];
}

test('keeps its data from one start to the next, and stops within seconds although a client is at work', async () => {
  const first = await startEmbedded({ dataDir });
  await ask(first.adminUrl, 'create table kept as select 42 as answer');
  const pid = (await serverOf(dataDir))?.pid ?? 0;
  const client = openAdmin(first.adminUrl);
  const asleep = client.unsafe('select pg_sleep(60)').catch(() => 'interrupted');
  const before = performance.now();
  await first.stop();
  expect(performance.now() - before).toBeLessThan(5_000);
  expect(startOf(pid)).toBeUndefined();
  expect(await asleep).toBe('interrupted');
  await client.end();

  const second = await startEmbedded({ dataDir });
  expect(await ask(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await second.stop();
});

test('the password is random, and only the owner of the data can read it', async () => {
  const server = await startEmbedded({ dataDir });
  expect(new URL(server.adminUrl).password).toMatch(/^[\w-]{32}$/);
  expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
  const wrong = new URL(server.adminUrl);
  wrong.password = 'wrong';
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
  await server.stop();
});

test('a second process on the same folder is told who has it, and finds the running server when it only visits', async () => {
  const server = await startEmbedded({ dataDir });
  expect(await runningEmbedded({ dataDir })).toEqual({ adminUrl: server.adminUrl });
  await expect(startEmbedded({ dataDir })).rejects.toThrow(OperatorError);
  const code = `import { startEmbedded } from '${module}'; await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} }).catch((error) => console.log(error.name, error.message))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { cwd });
  expect(stdout).toBe(`OperatorError The data folder ${dataDir} is in use by process ${process.pid}.\n`);
  expect(await ask(server.adminUrl, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await server.stop();
  expect(await runningEmbedded({ dataDir })).toBeNull();
});

async function startIn(exit: string): Promise<{ ended: Promise<unknown>; kill(): void }> {
  const code = `import { startEmbedded } from '${module}'; await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} }); console.log('ready'); ${exit}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return { ended, kill: () => void child.kill('SIGKILL') };
}

test('after kill -9 of its process the next start ends the server that was left, and goes on with its data', async () => {
  const killed = await startIn('setInterval(() => {}, 1000)');
  const left = (await serverOf(dataDir))?.pid ?? 0;
  killed.kill();
  await killed.ended;
  expect(startOf(left)).toBeDefined();
  const server = await startEmbedded({ dataDir });
  expect(startOf(left)).toBeUndefined();
  expect(await ask(server.adminUrl, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await server.stop();
});

test('a process that ends by itself takes the server along', async () => {
  const { ended } = await startIn('process.exit(0)');
  const left = (await serverOf(dataDir))?.pid ?? 0;
  await ended;
  while (startOf(left) !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
});

test('lock files that name a process which is something else by now are no obstacle', async () => {
  await (await startEmbedded({ dataDir })).stop();
  await writeFile(join(dataDir, 'holder'), `${process.pid} another start of the machine\n`);
  await writeFile(
    join(dataDir, 'cluster/postmaster.pid'),
    `${process.pid}\n${join(dataDir, 'cluster')}\n1\n5432\n\n127.0.0.1\n\nready   \n`,
  );
  const server = await startEmbedded({ dataDir });
  await server.stop();
});

test('a port that is taken is an error for the operator', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const error: unknown = await startEmbedded({ dataDir, port }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    name: 'OperatorError',
    message: expect.stringMatching(/^The embedded PostgreSQL did not start: /) as string,
  });
  other.close();
});
