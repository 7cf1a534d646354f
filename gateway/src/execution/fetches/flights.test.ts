import { expect, it } from 'vitest';
import type { FetchAnswer } from '../contract.ts';
import { createFlights } from './flights.ts';

const identity = {};
const answer = (data: Record<string, unknown>): FetchAnswer => ({ data, errors: [] });

it('what hangs is joined for a moment only, and what departed later is joined in its place', async () => {
  let now = 0;
  const flights = createFlights(() => now);
  const departed: ((answer: FetchAnswer) => void)[] = [];
  const join = () => flights.join(identity, 'key', () => new Promise((resolve) => departed.push(resolve)), undefined);
  const answers = [join()];
  now = 99;
  answers.push(join());
  now = 100;
  answers.push(join());
  departed[0]?.(answer({ n: 0 }));
  await answers[0];
  answers.push(join());
  departed[1]?.(answer({ n: 1 }));
  expect((await Promise.all(answers)).map(({ data }) => data)).toEqual([{ n: 0 }, { n: 0 }, { n: 1 }, { n: 1 }]);
  expect(departed).toHaveLength(2);
});

it('each gets an answer of its own; where it is too deep to be copied, those who need a copy are told and nobody waits for ever', async () => {
  const flights = createFlights();
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
  const join = () => flights.join(identity, 'key', () => Promise.resolve(answer({ deep })), undefined);
  const outcomes = await Promise.allSettled([join(), join(), join()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

it('what can not even depart is joined by nobody', async () => {
  const flights = createFlights();
  const join = (start: () => Promise<FetchAnswer>) => flights.join(identity, 'key', start, undefined);
  await expect(Promise.all([join(() => Promise.reject(new Error('broken'))), join(() => Promise.resolve(answer({})))])).rejects.toThrow(
    'broken',
  );
  expect(await join(() => Promise.resolve(answer({ n: 1 })))).toEqual(answer({ n: 1 }));
});
