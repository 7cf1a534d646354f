import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createArena } from './arena.ts';
import { supergraphs } from './supergraphs/index.ts';

/** The same unless another is wanted (`SAMENESS_SEED=7 npm run test:long`), so that what fails for one fails for all. The data follow from it as well. */
const seed = Number(process.env['SAMENESS_SEED'] ?? 20_260_102);

describe(`thousands of random operations get the same answer as from the reference (seed ${seed})`, () => {
  it.each(Object.entries(supergraphs))('%s', async (_, sdls) => {
    const { samples, check } = createArena(sdls, { seed, depth: 4 });
    // Some operations over interfaces that are entities keep the planner busy for most of a minute: time is limited, and not only the number.
    await fc.assert(fc.asyncProperty(samples, check), { seed, numRuns: 500, interruptAfterTimeLimit: 12_000 });
  });
});
