import { deploymentSecret, httpClient, testDatabase, type TestDatabase } from '@storegraph/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { addressOf, emptyFolder, killGroup, processesOf, storegraph } from './command.ts';
import { oneProcess, type RunInOneProcess } from './one-process.ts';

const minute = { timeout: 120_000 };

describe('with DATABASE_URL, in production', () => {
  let database: TestDatabase;
  let data: string;
  let run: RunInOneProcess;
  beforeAll(async () => {
    database = await testDatabase();
    data = await emptyFolder();
    run = oneProcess();
  });
  const settings = () => ({ NODE_ENV: 'production', DATABASE_URL: database.adminUrl, STOREGRAPH_SECRET: deploymentSecret });

  it('starts on that server, without a demo store, introspection or GraphiQL, and writes nothing to the data folder', minute, async () => {
    const command = storegraph(['start', '--port', '0', '--data', data], settings());
    const url = await addressOf(command);
    expect(command.stdout()).not.toMatch(/demo|GraphiQL/);
    const visitor = httpClient(`${url}/graphql`, {});
    expect(await visitor.codes('{ __schema { queryType { name } } }')).toEqual(['UNAUTHENTICATED']);
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).not.toMatch('text/html');
    expect(
      await visitor.data(
        'mutation { sessionCreate(input: { email: "owner@demo.test", password: "storegraph-demo" }) { userErrors { code } } }',
      ),
    ).toEqual({ sessionCreate: { userErrors: [{ code: 'INVALID_CREDENTIALS' }] } });
    expect(await database.admin('select count(*)::int as stores from accounts.stores')).toEqual([{ stores: 0 }]);

    process.kill(command.pid, 'SIGTERM');
    expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await processesOf(command.pid, data)).toEqual([]);
    // What serves a machine is logged as JSON; what it was told is not in it.
    const text = command.stdout();
    for (const hidden of [deploymentSecret, new URL(database.adminUrl).password, new URL(database.url).password]) {
      expect(text).not.toContain(hidden);
    }
  });

  it('migrates alone, and says nothing but that it is done', minute, async () => {
    const end = await storegraph(['migrate', '--data', data], settings()).ended;
    expect(end).toEqual({ code: 0, signal: null, stdout: 'The database is up to date.\n', stderr: '' });
  });

  it('the processes of a split deployment run by hand, each from the settings printed for it', minute, async () => {
    const printed = async (name: string, more: Record<string, string> = {}) => {
      const end = await run(['settings', name, '--data', data], { ...settings(), ...more });
      expect([end.code, end.stderr]).toEqual([0, '']);
      const lines = end.stdout.trim().split('\n');
      return Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf('=')), String(JSON.parse(line.slice(line.indexOf('=') + 1)))]),
      );
    };
    const names = ['accounts', 'customers', 'orders', 'messaging'];
    const subgraphs = await Promise.all(
      names.map(async (name) => {
        const own = await printed(name);
        expect(Object.keys(own).filter((key) => key.startsWith('DATABASE_URL') || /SECRET|PRIVATE/.test(key))).toEqual([
          `DATABASE_URL_${name.toUpperCase()}`,
        ]);
        return storegraph(['serve', name], own);
      }),
    );
    const urls = await Promise.all(subgraphs.map(async (command) => (await command.printed(/Ready on (\S+)/))[1]));
    const list = names.map((name, index) => `${name}=${urls[index]}`).join(',');
    const gateway = storegraph(['gateway', '--port', '0'], await printed('gateway', { STOREGRAPH_SUBGRAPH_URLS: list }));
    const url = (await gateway.printed(/Ready on (\S+)/))[1] ?? '';
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({
      ready: true,
      subgraphs: { accounts: 'up', customers: 'up', orders: 'up', messaging: 'up' },
    });
    const visitor = httpClient(`${url}/graphql`, {});
    const input = { email: 'someone@example.com', password: 'a-password-of-someone' };
    expect(await visitor.data('mutation ($input: UserSignUpInput!) { userSignUp(input: $input) { accepted } }', { input })).toEqual({
      userSignUp: { accepted: true },
    });

    // Nobody can ask a subgraph past the gateway.
    const past = await fetch(`${urls[2]}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(past.status).toBe(401);
    for (const command of [gateway, ...subgraphs]) process.kill(command.pid, 'SIGTERM');
    for (const command of [gateway, ...subgraphs]) expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('a subgraph says in one line that its database is not prepared, or does not answer', minute, async () => {
    const end = await run(['settings', 'orders', '--data', data], settings());
    const value = (key: string) => String(JSON.parse(new RegExp(`^${key}=(.*)$`, 'm').exec(end.stdout)?.[1] ?? '""'));
    const serve = async (address: string) => {
      const given = Object.fromEntries(['STOREGRAPH_HOP_PUBLIC_KEY', 'STOREGRAPH_SEALING_KEY'].map((key) => [key, value(key)]));
      const { code, stderr } = await run(['serve', 'orders'], { ...given, STOREGRAPH_LOG_LEVEL: 'silent', DATABASE_URL_ORDERS: address });
      return { code, stderr };
    };
    const own = new URL(value('DATABASE_URL_ORDERS'));
    const wrong = new URL(own);
    wrong.password = 'wrong';
    const gone = new URL(own);
    gone.port = '1';
    expect(await serve(wrong.href)).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^storegraph: The database is not prepared for this deployment\..*\n$/),
    });
    expect(await serve(gone.href)).toEqual({ code: 1, stderr: expect.stringMatching(/^storegraph: The database does not answer\..*\n$/) });
  });
});

describe('npm start -- --split', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });

  it('ends all its processes on Ctrl-C, with one word', minute, async () => {
    const data = await emptyFolder();
    const settings = { DATABASE_URL: database.adminUrl, STOREGRAPH_SECRET: deploymentSecret };
    const command = storegraph(['start', '--split', '--port', '0', '--data', data], settings);
    await addressOf(command);
    expect(await processesOf(command.pid)).toHaveLength(6);
    killGroup(command.pid, 'SIGINT');
    const end = await command.ended;
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(end.stdout.match(/Stopping/g)).toHaveLength(1);
    expect(await processesOf(command.pid)).toEqual([]);
  });
});
