import { expect, it } from 'vitest';
import { reloadUnderLoad } from './reload-load.ts';

it('60 front ends and 100 requests at once miss nothing while four supergraphs are loaded', async () => {
  expect(await reloadUnderLoad({ sockets: 60, atOnce: 100, reloads: 4 })).toBeGreaterThan(500);
});
