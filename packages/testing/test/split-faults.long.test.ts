import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { graphHarness, seedStore, type GraphHarness, type SeededStore } from '../src/graph.ts';

const deadlineMs = 2_000;
const back = { timeout: 30_000, interval: 200 };

describe('a process that hangs', () => {
  let graph: GraphHarness;
  let store: SeededStore;
  let customerId: string;
  beforeAll(async () => {
    graph = await graphHarness({ mode: 'split' });
    store = await seedStore(graph);
    customerId = (await store.customer()).id;
    await store.order({ customerId });
  });
  const hang = (name: string) => {
    const pid = graph.processOf(name);
    process.kill(pid, 'SIGSTOP');
    const goOn = () => void process.kill(pid, 'SIGCONT');
    onTestFinished(() => {
      try {
        goOn();
      } catch {
        // It was ended as it hung.
      }
    });
    return goOn;
  };
  const ask = async () => {
    const asked = Date.now();
    const { data, errors } = await store.owner.run('query ($id: ID!) { customer(id: $id) { displayName orderCount } }', { id: customerId });
    return { data, codes: errors?.map((error) => error.extensions?.['code']) ?? [], milliseconds: Date.now() - asked };
  };
  const whole = { data: { customer: { displayName: 'Ada Lovelace', orderCount: 1 } }, codes: [] };

  it('costs its own fields and the deadline, and is used again when it goes on', async () => {
    expect(await ask()).toMatchObject(whole);
    const goOn = hang('orders');
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    for (const answer of answers) {
      expect(answer).toMatchObject({
        data: { customer: { displayName: 'Ada Lovelace', orderCount: null } },
        codes: ['SUBGRAPH_UNAVAILABLE'],
      });
      expect(answer.milliseconds).toBeGreaterThanOrEqual(deadlineMs - 100);
      expect(answer.milliseconds).toBeLessThan(deadlineMs + 2_000);
    }
    goOn();
    await expect.poll(ask, back).toMatchObject(whole);
  });

  it('as accounts, leaves those who are known working for 30 seconds and no longer', async () => {
    await ask();
    const goOn = hang('accounts');
    const since = Date.now();
    for (let round = 0; round < 10; round += 1) {
      expect(await ask()).toMatchObject(whole);
      await sleep(2_000);
    }
    // Not to be awaited: what is tested is that time alone ends the right.
    await sleep(Math.max(0, 31_000 - (Date.now() - since)));
    expect((await ask()).codes).toEqual(['SUBGRAPH_UNAVAILABLE']);
    goOn();
    await expect.poll(ask, back).toMatchObject(whole);
  });

  it('does not keep the others from ending', async () => {
    hang('orders');
    hang('customers');
    const asked = Date.now();
    await graph.stop();
    expect(Date.now() - asked).toBeLessThan(9_000);
  });
});
