import { assert, asyncProperty, array, constantFrom, integer, oneof, record } from 'fast-check';
import { startProxy } from '@storegraph/testing/proxy';
import { expect, it } from 'vitest';
import { createClient } from '../src/index.ts';
import { NUMBERS, startNumbers, type NumbersData } from './numbers.ts';
import { take, upTo } from './stream.ts';

const fault = record({
  behind: integer({ min: 0, max: 5 }),
  with: constantFrom(...([1000, 1001, 1012, 1013, 4408, 'CUT', 'FELL_BEHIND', 'SUBGRAPH_UNAVAILABLE'] as const)),
});

/** What a stream lives through, between the events that its consumer takes. */
const step = oneof(
  record({ publish: integer({ min: 1, max: 8 }) }),
  record({ take: integer({ min: 1, max: 4 }) }),
  record({ close: constantFrom(1001, 1012, 1013) }),
  record({ cutBehind: integer({ min: 0, max: 400 }) }),
);

it('gives each event once and in order, whatever happens to the connections', async () => {
  const ofEach = {
    receptions: array(constantFrom(...(['LET_IN', 'CUT', 1013] as const)), { maxLength: 4 }),
    faults: array(fault, { maxLength: 6 }),
  };
  const run = record({ ...ofEach, buffer: integer({ min: 1, max: 6 }), steps: array(step, { minLength: 5, maxLength: 30 }) });
  await assert(
    asyncProperty(run, async ({ receptions, faults, buffer, steps }) => {
      const numbers = await startNumbers();
      const proxy = await startProxy({ target: numbers });
      const client = createClient({ url: `ws://${proxy.host}:${proxy.port}/graphql`, backoff: { first: 1, most: 2 } });
      numbers.receive(...receptions);
      numbers.misbehave(...faults);
      const feeds = [1, 2].map(() => client.subscribe<NumbersData>({ query: NUMBERS, variables: { after: '0' }, buffer }));
      const taken: number[][] = [[], []];
      let last = 0;
      const takeAll = (count: number) =>
        Promise.all(
          feeds.map(async (feed, at) => taken[at]?.push(...(await take(feed, Math.min(count, last - (taken[at]?.length ?? 0)))))),
        );
      try {
        for (const does of steps) {
          if ('publish' in does) numbers.publish((last += does.publish));
          else if ('take' in does) await takeAll(does.take);
          else if ('close' in does) numbers.close(does.close);
          else proxy.cutAfterBytes(does.cutBehind);
        }
        proxy.restore();
        await takeAll(last);
        expect(taken).toEqual([upTo(last), upTo(last)]);
      } finally {
        client.dispose();
        await numbers.stop();
        await proxy.close();
      }
    }),
    { numRuns: 250 },
  );
});
