import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArena, type Tally } from './arena.ts';
import { supergraphs } from './supergraphs/index.ts';

/** In each supergraph: what an idle machine does in half a second or so. */
const numRuns = 25;
/** The planner can't plan some of what is valid over interfaces that are entities. */
const unplannable: Readonly<Record<string, number>> = { interfaceObjects: 0.4 };

describe('random operations get the same answer as from the reference, also when subgraphs fail', () => {
  const tallies: Tally[] = [];
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);

  it.each(Object.entries(supergraphs))('%s', async (name, sdls) => {
    const arena = createArena(sdls);
    await fc.assert(fc.asyncProperty(arena.samples, arena.check), { seed: 20_260_101, numRuns });
    tallies.push(arena.tally);
    expect(arena.tally.several).toBeGreaterThan(numRuns * 0.4);
    expect(arena.tally.unplannable).toBeLessThan(numRuns * (unplannable[name] ?? 0.1));
    expect(arena.tally.mistaken).toBeLessThan(numRuns * 0.15);
  });

  it('and the samples are worth it', () => {
    expect(tallies).toHaveLength(Object.keys(supergraphs).length);
    const samples = sum('samples');
    expect(sum('several') / samples).toBeGreaterThan(0.5);
    expect(sum('fetches') / samples).toBeGreaterThan(2);
    expect(sum('failed') / samples).toBeGreaterThan(0.15);
    expect(sum('incomplete') / samples).toBeGreaterThan(0.08);
    expect(sum('conditions') / samples).toBeGreaterThan(0.08);
    expect(sum('rewrites') / samples).toBeGreaterThan(0.08);
    expect(sum('repeated') / samples).toBeGreaterThan(0.03);
    expect(sum('mistaken') / samples).toBeLessThan(0.05);
  });
});
