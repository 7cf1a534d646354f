import type { PlanNode } from '@apollo/query-planner';
import type { Watch } from '../contract.ts';
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
      return watched('flatten', [...path, ...node.path.map(String)], flatten(node.path.map(String), node.node, path, compilation));
    case 'Sequence':
      return watched('sequence', path, sequence(node.nodes.map(below)));
    case 'Parallel':
      return watched('parallel', path, parallel(node.nodes.map(below)));
    case 'Condition': {
      const { condition } = node;
      const [then, otherwise] = [node.ifClause, node.elseClause].map((clause) => clause && below(clause));
      return (run, entities) => (run.switches[condition] ? then : otherwise)?.(run, entities);
    }
    case 'Defer':
      throw new Error('The plan defers, which was not asked of the planner.');
  }
}

/** The step, seen by whoever looks on. */
const watched =
  (kind: Parameters<Watch['node']>[0], path: PlanPath, step: Step): Step =>
  (run, entities) => {
    const { watch } = run.call;
    return watch ? watch.node(kind, path, () => step(run, entities)) : step(run, entities);
  };

/** The objects that a step was given, wherever they stand. */
const given: ForEach = (from, _shared, visit) => {
  for (const entity of from) visit(entity, undefined, '');
};

function flatten(relative: PlanPath, inner: PlanNode, from: PlanPath, compilation: Compilation): Step {
  const whole = [...from, ...relative];
  if (relative.length === 0) return compileNode(inner, compilation, whole);
  const forEach = compilePath(relative, (path) => compilation.sharing.sharedBy([...from, ...path]));
  if (inner.kind === 'Fetch' && isEntityFetch(inner)) return compileEntityFetch(inner, whole, forEach, compilation);
  const step = compileNode(inner, compilation, whole);
  return (run, entities) => {
    const found = new Set<Entity>();
    forEach(entities, run.shared, (entity) => found.add(entity));
    return found.size > 0 ? step(run, [...found]) : undefined;
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
