import { expect, it } from 'vitest';
import { sampleFile, stateOf } from './desk.ts';
import { killedAndRunAgain, twoAtOnce, undisturbed } from './killed.ts';

it('an import that was killed twice ends as one that was not, and so do two at once', { timeout: 90_000 }, async () => {
  const { state, writingMs } = await undisturbed(sampleFile);
  expect(state['orders']).toMatch(/^[1-9]\d* rows /);
  for (const killed of await killedAndRunAgain(sampleFile, 2, writingMs)) expect(killed).toEqual(state);
  expect(await stateOf(await twoAtOnce(sampleFile))).toEqual(state);
});
