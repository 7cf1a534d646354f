import { parse } from 'graphql';
import { startEngine } from '../../src/execution/engine.ts';
import { createThreads } from '../../src/execution/plan/threads.ts';
import { slowSupergraph } from './slow.ts';

/** A process that has planned something, and has nothing left to do. */
const engine = await startEngine(slowSupergraph(), {
  maxEvaluatedPlans: 100,
  call: () => Promise.reject(new Error('nobody there')),
  threads: createThreads(),
  withinMs: 10_000,
});
await engine.operation(parse('{ topReviewed { id } }'), null);
process.stdout.write('planned\n');
