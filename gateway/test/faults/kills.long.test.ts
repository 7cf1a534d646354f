import { expect, it } from 'vitest';
import { killOverAndOver } from './killed-subgraphs.ts';

it('twenty subgraphs killed with -9 at 200 requests a second cost their own fields, and only while they are away', async () => {
  const { whole, partial } = await killOverAndOver({ kills: 20, perSecond: 200 });
  expect(whole).toBeGreaterThan(20 * 20);
  expect(partial).toBeGreaterThanOrEqual(20);
});
