import type { FetchNode } from '@apollo/query-planner';
import type { FetchAnswer } from '../contract.ts';
import type { Compilation } from './compilation.ts';
import { compileErrors } from './errors.ts';
import { compileFill } from './fill.ts';
import type { PlanPath } from './path.ts';
import { compileVariables } from './request.ts';
import type { Run, Step } from './run.ts';

/** Compiles a fetch that asks for fields of a root type, and gives them to each of the objects at a path. */
export function compilePlainFetch(node: FetchNode, path: PlanPath, compilation: Compilation): Step {
  const fetch = compilation.fetchOf(node);
  const variables = compileVariables(node);
  const fill = compileFill(node, path, compilation);
  const errors = compileErrors(node, path, compilation);
  const sharing = compilation.sharing.numberOf(path);
  return async (run, entities) => {
    if (entities.length === 0 || run.call.signal?.aborted) return;
    const answer = await run.fetch(fetch, `{${variables(run.call.variables)}}`, undefined);
    if (answer.errors.length > 0) errors(run, answer, [entities]);
    if (!answer.data) return;
    if (sharing !== undefined && entities.length > 1) run.shared[sharing] = 'many';
    fill(answer.data, entities);
  };
}

/** Compiles what becomes of an event: the answer to a fetch that nobody makes. */
export function compileEvent(node: FetchNode, compilation: Compilation): (run: Run, answer: FetchAnswer) => void {
  const fill = compileFill(node, [], compilation);
  const errors = compileErrors(node, [], compilation);
  return (run, answer) => {
    if (answer.errors.length > 0) errors(run, answer, [[run.root]]);
    if (answer.data) fill(answer.data, [run.root]);
  };
}
