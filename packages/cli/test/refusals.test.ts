import { once } from 'node:events';
import { createServer } from 'node:net';
import { writeFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { deploymentSecret, testDatabase, type TestDatabase } from '@storegraph/testing';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { emptyFolder, processesOf, storegraph } from './command.ts';
import { oneProcess, type RunInOneProcess } from './one-process.ts';

let data: string;
let database: TestDatabase;
let run: RunInOneProcess;
beforeAll(async () => {
  database = await testDatabase();
  data = await emptyFolder();
  run = oneProcess();
});

const start = (...options: string[]) => ['start', '--port', '0', ...options];
const secret = { STOREGRAPH_SECRET: deploymentSecret };
/** The run's own server, with one part of its address changed. */
const server = (change: (url: URL) => void) => {
  const url = new URL(inject('adminUrl'));
  change(url);
  return { ...secret, DATABASE_URL: url.href };
};
const canary = 'a-password-nobody-may-read';

type Refusal = [name: string, args: string[], settings: () => Record<string, string>, line: RegExp];

describe('what the operator can put right is one line that says so', () => {
  const refusals: Refusal[] = [
    ['a port that is none', ['start', '--port', 'abc'], () => ({}), /"abc" is not a port/],
    ['a port that is too high', ['start', '--port', '65536'], () => ({}), /"65536" is not a port/],
    ['a domain that must run', start('--without', 'customers'), () => ({}), /The domain "customers" can not be left out/],
    ['a domain that does not exist', start('--without', 'nonsense'), () => ({}), /There is no domain "nonsense". Known are accounts/],
    ['an unknown option', start('--nonsense'), () => ({}), /unknown option '--nonsense'/],
    ['an unknown command', ['nonsense'], () => ({}), /unknown command 'nonsense'/],
    ['a malformed setting', start(), () => ({ STOREGRAPH_POOL_SIZE: canary }), /Not a valid value of STOREGRAPH_POOL_SIZE/],
    ['a malformed DATABASE_URL', start(), () => ({ DATABASE_URL: `postgres//x:${canary}@` }), /Not a valid value of DATABASE_URL/],
    [
      'a server that does not answer',
      start(),
      () => ({ ...secret, DATABASE_URL: `postgres://me:${canary}@127.0.0.1:1/x` }),
      /No PostgreSQL answers at 127.0.0.1:1/,
    ],
    ['a wrong password', start(), () => server((url) => (url.password = canary)), /refuses the user "postgres"/],
    ['a wrong database', start(), () => server((url) => (url.pathname = '/nowhere')), /The database "nowhere" does not exist/],
    [
      'more connections than the server takes',
      start(),
      () => ({ ...secret, DATABASE_URL: database.adminUrl, STOREGRAPH_POOL_SIZE: '490' }),
      /The processes may open \d+ connections, and PostgreSQL takes \d+/,
    ],
    [
      'production without a secret',
      start(),
      () => ({ NODE_ENV: 'production', DATABASE_URL: `postgres://me:${canary}@127.0.0.1:1/x` }),
      /STOREGRAPH_SECRET is not set/,
    ],
    ['a host that is not this machine', start(), () => ({ STOREGRAPH_HOST: '192.0.2.1' }), /STOREGRAPH_HOST is no address of this machine/],
    ['a subgraph without its settings', ['serve', 'orders'], () => ({}), /DATABASE_URL_ORDERS is not set/],
    ['a gateway without its settings', ['gateway'], () => ({}), /The gateway needs STOREGRAPH_SUBGRAPH_URLS/],
    ['settings without a server', ['settings', 'orders'], () => ({}), /DATABASE_URL is not set/],
    ['an unknown deed with events', ['events', 'nonsense'], () => ({}), /can not be done with events/],
  ];
  it.each(refusals)('%s', (...refusal) => refused(refusal, run));

  /** Each of these takes another way out of the program. */
  const inProcesses = ['an unknown option', 'a wrong password', 'a gateway without its settings'];
  it.each(refusals.filter(([name]) => inProcesses.includes(name)))('%s, in a process of its own', (...refusal) =>
    refused(refusal, (args, settings) => storegraph(args, settings).ended),
  );

  async function refused([, args, settings, line]: Refusal, command: RunInOneProcess): Promise<void> {
    const folder = args[0] === 'start' || args[0] === 'settings' || args[0] === 'events' ? ['--data', data] : [];
    const end = await command([...args, ...folder], settings());
    expect(end.stderr).toMatch(line);
    expect(end.stderr).toMatch(/^storegraph: .+\n$/);
    expect(end.code).toBe(1);
    expect(end.stdout + end.stderr).not.toContain(canary);
    expect(end.stdout).not.toContain('{"level"');
    expect(await processesOf(data)).toEqual([]);
  }

  it('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stdout, stderr } = await run(['start', '--port', String(port), '--data', data]);
    other.close();
    expect([code, stdout, stderr]).toEqual([1, '', `storegraph: Port ${port} is taken. Give another one: npm start -- --port N\n`]);
    expect(await processesOf(data)).toEqual([]);
  });

  it('a data folder that is a file', async () => {
    const file = join(dirname(data), 'file');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
    const end = await run(start('--data', file));
    expect([end.code, end.stderr]).toEqual([1, expect.stringMatching(/^storegraph: The data folder .*file can not be used.*\n$/)]);
  });

  it('a Node that is too old', async () => {
    const entry = fileURLToPath(new URL('../../../bin/storegraph.mjs', import.meta.url));
    const old = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.4'})";
    const [error, stderr] = await new Promise<[Error | null, string]>((resolve) =>
      execFile(process.execPath, ['--import', old, entry, 'start'], (failure, _stdout, text) => resolve([failure, text])),
    );
    expect(error).toMatchObject({ code: 1 });
    expect(stderr).toMatch(/^storegraph: Storegraph needs Node 20 or newer to start, and this is Node 18\.20\.4\..*\n$/);
  });
});
