import { expect, it } from 'vitest';
import { oneProcess } from '../one-process.ts';
import { sampleFile, stateOf, wholeFile } from './desk.ts';
import { killedAndRunAgain, twoAtOnce, undisturbed } from './killed.ts';

it('an import ends the same when it was killed at 12 random moments, and when two run at once', async () => {
  const file = wholeFile ?? sampleFile;
  const run = oneProcess();
  const { state, writingMs } = await undisturbed(run, file);
  expect(state['orders']).toMatch(wholeFile ? /^1525 rows / : /^[1-9]\d* rows /);
  for (const killed of await killedAndRunAgain(run, file, { kills: 12, writingMs })) expect(killed).toEqual(state);
  expect(await stateOf(await twoAtOnce(file))).toEqual(state);
});
