import { testDatabase } from '@storegraph/testing';
import { expect, test } from 'vitest';
import { createPostgresTransport, signal } from '../src/index.ts';
import { write } from './support.ts';

const database = await testDatabase();

test('a signal reaches who listens to its topic, in every process, after the commit and only then', async () => {
  // The gateway's login has no rights on any schema.
  const transports = ['all', 'gateway'].map((domain) => createPostgresTransport({ url: database.loginOf(domain) }));
  const heard: unknown[][] = [[], []];
  const ready = transports.map(
    (transport, index) =>
      new Promise<void>((resolve) => {
        transport.onSignal('ready', () => resolve());
        transport.onSignal('typing', (payload) => heard[index]?.push(payload));
      }),
  );
  // LISTEN takes a moment; whoever does not listen yet misses the signal.
  const listening = Promise.all(ready);
  let waiting = true;
  void listening.then(() => (waiting = false));
  while (waiting) await write(database.pool, (tx) => signal(tx, 'ready', {}));

  await expect(
    write(database.pool, async (tx) => {
      await signal(tx, 'typing', { who: 'nobody' });
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await write(database.pool, (tx) => signal(tx, 'another', { who: 'else' }));
  await write(database.pool, (tx) => signal(tx, 'typing', { who: 'Ada', amount: 12n }));
  await expect.poll(() => heard).toEqual([[{ who: 'Ada', amount: 12n }], [{ who: 'Ada', amount: 12n }]]);
  await expect(write(database.pool, (tx) => signal(tx, 'typing', { text: 'x'.repeat(8_000) }))).rejects.toThrow('longer than');
  await Promise.all(transports.map((transport) => transport.close()));
});
