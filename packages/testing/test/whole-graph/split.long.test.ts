import { beforeAll, describe } from 'vitest';
import { graphHarness, type GraphHarness } from '../../src/graph.ts';
import { killedProcesses } from './killed-processes.ts';
import { liveFields } from './live-fields.ts';
import { scenarios } from './scenarios.ts';

describe('the graph, split', () => {
  let graph: GraphHarness;
  beforeAll(async () => {
    graph = await graphHarness({ mode: 'split', deadlineMs: 20_000 });
  });

  scenarios(() => graph);
  describe('a live field', () => liveFields(() => graph, 'split'));
  describe('a process that is killed with -9', () => killedProcesses(() => graph));
});
