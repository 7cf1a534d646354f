import { expect, it } from 'vitest';
import { silentLogger } from '@storegraph/core';
import { createUpstream } from './upstream.ts';

it('whose answer can not be made is lost at once, behind what came before it, and not when more events come', async () => {
  let ended = 0;
  async function* payloads() {
    yield { data: 1 };
    yield { data: 2 };
    await new Promise(() => undefined);
  }
  const upstream = createUpstream(
    {
      subgraph: 'feed',
      payloads: payloads(),
      patient: false,
      answer: async (payload) => {
        const { data } = payload as { data: number };
        if (data === 2) throw new TypeError('not of the known form');
        await new Promise((resolve) => setImmediate(resolve));
        return { data: String(data), errors: [], objects: 0 };
      },
      end: () => (ended += 1),
    },
    { answersAtOnce: 8, log: silentLogger, onEnd: () => undefined },
  );
  const told: string[] = [];
  await new Promise<void>((lost) => {
    upstream.join({
      next: (text) => void told.push(text),
      complete: () => void told.push('complete'),
      error: () => void told.push('error'),
      lost,
    });
  });
  expect(told).toEqual(['{"data":1}']);
  expect(ended).toBe(1);
});
