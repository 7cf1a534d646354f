import type { PlanNode } from '@apollo/query-planner';
import type { Entity } from '../own.ts';
import type { Compilation } from './compilation.ts';
import { compileEntityFetch, isEntityFetch } from './entity-fetch.ts';
import { compilePlainFetch } from './plain-fetch.ts';
import { compilePath, type ForEach, type PlanPath } from './path.ts';
import type { Step } from './run.ts';

/** Compiles a node of a plan, and what is below it, into one function. `path` leads to the objects that the function will be given. */
export function compileNode(node: PlanNode, compilation: Compilation, path: PlanPath = []): Step {
  const below = (inner: PlanNode) => compileNode(inner, compilation, path);
  switch (node.kind) {
    case 'Fetch':
      return isEntityFetch(node) ? compileEntityFetch(node, path, given, compilation) : compilePlainFetch(node, path, compilation);
    case 'Flatten':
      return flatten(node.path.map(String), node.node, path, compilation);
    case 'Sequence':
      return sequence(node.nodes.map(below));
    case 'Parallel':
      return parallel(node.nodes.map(below));
    case 'Condition': {
      const { condition } = node;
      const [then, otherwise] = [node.ifClause, node.elseClause].map((clause) => clause && below(clause));
      return (run, entities) => (run.switches[condition] ? then : otherwise)?.(run, entities);
    }
    case 'Defer':
      throw new Error('The plan defers, which was not asked of the planner.');
  }
}

/** The objects that a step was given, wherever they stand. */
const given: ForEach = (from, visit) => {
  for (const entity of from) visit(entity, undefined, '', false);
};

function flatten(relative: PlanPath, inner: PlanNode, from: PlanPath, compilation: Compilation): Step {
  const whole = [...from, ...relative];
  if (relative.length === 0) return compileNode(inner, compilation, whole);
  const forEach = compilePath(relative, (path) => compilation.sharing.isShared([...from, ...path]));
  if (inner.kind === 'Fetch' && isEntityFetch(inner)) return compileEntityFetch(inner, whole, forEach, compilation);
  const step = compileNode(inner, compilation, whole);
  return (run, entities) => {
    const found: Entity[] = [];
    forEach(entities, (entity, _holder, _key, again) => {
      if (!again) found.push(entity);
    });
    return found.length > 0 ? step(run, found) : undefined;
  };
}

const sequence =
  (steps: readonly Step[]): Step =>
  async (run, entities) => {
    for (const step of steps) await step(run, entities);
  };

const parallel =
  (steps: readonly Step[]): Step =>
  async (run, entities) => {
    await Promise.all(steps.map(async (step) => step(run, entities)));
  };
