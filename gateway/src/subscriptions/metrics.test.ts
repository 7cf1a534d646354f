import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSubscriptionMetrics } from './metrics.ts';
import { createOutbox } from './outbox.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('tells how many messages wait for clients, and how long the oldest has been waiting', async () => {
  const registry = new Registry();
  const { outboxes } = createSubscriptionMetrics(registry);
  const client = () => {
    const taken: (() => void)[] = [];
    const outbox = createOutbox({
      write: (_text, done) => void taken.push(done),
      buffered: () => 0,
      fellBehind: () => undefined,
      open: outboxes,
      settings: { bufferedBytes: 1_000, bufferedAnswers: 100, stalledMs: 60_000 },
    });
    return { ...outbox, take: () => taken.shift()?.() };
  };
  const told = async () =>
    Promise.all(
      ['waiting_messages', 'lag_seconds'].map(
        async (name) => (await registry.getSingleMetric(`storegraph_gateway_${name}`)?.get())?.values[0]?.value,
      ),
    );

  const [quick, slow] = [client(), client()];
  expect(await told()).toEqual([0, 0]);
  void slow.send('1');
  vi.advanceTimersByTime(1_500);
  void slow.send('2');
  void quick.send('1');
  quick.take();
  vi.advanceTimersByTime(500);
  expect(await told()).toEqual([2, 2]);
  slow.take();
  expect(await told()).toEqual([1, 0.5]);
  slow.close();
  expect(await told()).toEqual([0, 0]);
});
