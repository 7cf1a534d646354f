import { describe, expect, it } from 'vitest';
import { stateOf, wholeFile } from './desk.ts';
import { killedAndRunAgain, twoAtOnce, undisturbed } from './killed.ts';

describe.skipIf(wholeFile === null)('the import of the whole file', () => {
  const file = wholeFile ?? '';

  it('ends the same when it was killed at 12 random moments, and when two run at once', async () => {
    const { state, writingMs } = await undisturbed(file);
    expect(state['orders']).toMatch(/^1525 rows /);
    for (const killed of await killedAndRunAgain(file, 12, writingMs)) expect(killed).toEqual(state);
    expect(await stateOf(await twoAtOnce(file))).toEqual(state);
  });
});
