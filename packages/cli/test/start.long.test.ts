import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '@storegraph/database';
import { httpClient } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { addressOf, emptyFolder, killGroup, processesOf, storegraph, type RunningCommand } from './command.ts';

const endpoint = async (command: RunningCommand) => `${await addressOf(command)}/graphql`;

async function owner(url: string) {
  const { sessionCreate } = await httpClient(url, {}).data<{ sessionCreate: { session: { accessToken: string } } }>(
    'mutation { sessionCreate(input: { email: "owner@demo.test", password: "storegraph-demo" }) { session { accessToken } } }',
  );
  return httpClient(url, { authorization: `Bearer ${sessionCreate.session.accessToken}` });
}
const state = async (url: string) =>
  (await owner(url)).data('{ viewer { memberships { store { slug } } } customers(first: 1) { totalCount } }');

describe.each([[[]], [['--split']]])('npm start %j with an embedded server', (mode) => {
  const run = (data: string) => storegraph(['start', ...mode, '--port', '0', '--data', data]);

  it('goes on with its data after kill -9', async () => {
    const data = await emptyFolder();
    const killed = run(data);
    const client = await owner(await endpoint(killed));
    await client.data('mutation { customerCreate(input: { firstName: "Grace" }) { customer { id } userErrors { code } } }');
    process.kill(killed.pid, 'SIGKILL');
    await killed.ended;
    // Its own children notice; the server, which is nobody's child, is ended by the next start.
    for (const patience = Date.now() + 10_000; Date.now() < patience && (await processesOf(killed.pid)).length > 0;) await sleep(100);
    expect(await processesOf(killed.pid)).toEqual([]);

    const next = run(data);
    expect(await state(await endpoint(next))).toEqual({
      viewer: { memberships: [{ store: { slug: 'demo' } }] },
      customers: { totalCount: 4 },
    });
    killGroup(next.pid, 'SIGINT');
    expect(await next.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await processesOf(next.pid, data)).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with everything within 10 seconds of %s, at any moment of its start', async (signal) => {
    const data = await emptyFolder();
    const whole = run(data);
    const begun = Date.now();
    await endpoint(whole);
    const startMs = Date.now() - begun;
    killGroup(whole.pid, signal);
    await whole.ended;
    for (const part of [0.2, 0.4, 0.6, 0.8, 1]) {
      const command = run(data);
      await sleep(startMs * part);
      const asked = Date.now();
      if (signal === 'SIGINT') killGroup(command.pid, signal);
      else process.kill(command.pid, signal);
      await command.ended;
      expect(Date.now() - asked).toBeLessThan(10_000);
      expect(await processesOf(command.pid, data)).toEqual([]);
    }
  });
});

describe('npm start', () => {
  it('uses a server that DATABASE_URL names, and leaves it running', async () => {
    const server = await startEmbedded({ dataDir: join(await emptyFolder(), 'elsewhere') });
    const data = await emptyFolder();
    const command = storegraph(['start', '--port', '0', '--data', data], { DATABASE_URL: server.adminUrl });
    expect(await state(await endpoint(command))).toMatchObject({ customers: { totalCount: 3 } });
    expect(command.stdout()).not.toContain(new URL(server.adminUrl).password);
    expect((await readFile(join(data, 'secret'), 'utf8')).trim().length).toBeGreaterThanOrEqual(32);
    process.kill(command.pid, 'SIGTERM');
    expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await processesOf(new URL(server.adminUrl).port)).not.toEqual([]);
    await server.stop();
  });

  it('without a domain has none of its schema and serves the rest', async () => {
    const data = await emptyFolder();
    const command = storegraph(['start', '--port', '0', '--data', data, '--without', 'orders']);
    const url = await endpoint(command);
    expect(await state(url)).toMatchObject({ customers: { totalCount: 3 } });
    expect(await httpClient(url, {}).data('{ __type(name: "Order") { name } }')).toEqual({ __type: null });
    expect(command.stdout()).not.toMatch(/orderMetrics/);
    killGroup(command.pid, 'SIGINT');
    expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
