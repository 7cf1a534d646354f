import { httpClient } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { addressOf, emptyFolder, killGroup, processesOf, storegraph } from './command.ts';

const timeout = 120_000;
const minute = { timeout };

describe('npm start', () => {
  it('prints where everything is, and keeps its data from one start to the next', minute, async () => {
    const data = await emptyFolder();
    const first = storegraph(['start', '--port', '0', '--data', data]);
    const url = await addressOf(first);
    expect(first.stdout()).not.toContain('{"level"');
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).headers.get('content-type')).toMatch('text/html');

    // Exactly what is printed, as a newcomer pastes it.
    const token = await logIn(url, first.stdout());
    const query = / and ask\n\n([^]*?)\n\nCtrl-C/.exec(first.stdout())?.[1] ?? '';
    const answer = await httpClient(`${url}/graphql`, { authorization: `Bearer ${token}` }).data<{
      customers: { nodes: { displayName: string; orderMetrics: unknown; recentOrders: { lines: unknown[] }[] }[] };
    }>(query);
    const ada = answer.customers.nodes.find(({ displayName }) => displayName === 'Ada Lovelace');
    expect(answer.customers.nodes).toHaveLength(3);
    expect(ada?.orderMetrics).toEqual({ totalOrders: 2, totalSpent: [{ amount: 2583, currency: 'GBP' }] });
    expect(ada?.recentOrders.map(({ lines }) => lines.length).sort()).toEqual([1, 2]);

    const intruder = await storegraph(['start', '--port', '0', '--data', data]).ended;
    expect([intruder.code, intruder.stderr]).toEqual([
      1,
      expect.stringMatching(/^storegraph: The data folder .* is in use by process \d+\..*\n$/),
    ]);

    // As a terminal's Ctrl-C, which every process of the group gets.
    const asked = Date.now();
    killGroup(first.pid, 'SIGINT');
    expect(await first.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(await processesOf(first.pid, data)).toEqual([]);

    const second = storegraph(['start', '--port', '0', '--data', data]);
    const again = await addressOf(second);
    const owner = httpClient(`${again}/graphql`, { authorization: `Bearer ${await logIn(again, second.stdout())}` });
    expect(await owner.data('{ viewer { memberships { store { slug } } } customers(first: 10) { totalCount } }')).toEqual({
      viewer: { memberships: [{ store: { slug: 'demo' } }] },
      customers: { totalCount: 3 },
    });
    process.kill(second.pid, 'SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await processesOf(second.pid, data)).toEqual([]);
  });

  it('can be interrupted while it starts, and leaves nothing', minute, async () => {
    const data = await emptyFolder();
    const command = storegraph(['start', '--port', '0', '--data', data]);
    await command.printed(/Starting PostgreSQL/);
    process.kill(command.pid, 'SIGTERM');
    expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await processesOf(command.pid, data)).toEqual([]);
  });
});

/** Runs the log-in that was printed. */
async function logIn(url: string, printed: string): Promise<string> {
  const mutation = /Log in with\n +(mutation .*)\n/.exec(printed)?.[1] ?? '';
  const { sessionCreate } = await httpClient(`${url}/graphql`, {}).data<{
    sessionCreate: { session: { accessToken: string }; userErrors: unknown[] };
  }>(mutation);
  expect(sessionCreate.userErrors).toEqual([]);
  return sessionCreate.session.accessToken;
}
