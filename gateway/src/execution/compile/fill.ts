import type { FetchNode } from '@apollo/query-planner';
import type { Entity } from '../own.ts';
import type { Compilation } from './compilation.ts';
import { isMany, type Group } from './groups.ts';
import { copy, merge } from './merge.ts';
import type { PlanPath } from './path.ts';
import { compileRewrites } from './rewrites.ts';

/** Gives one received object to every object of the graph that it belongs to. */
export type Fill = (received: Entity, targets: Group) => void;

/**
 * Compiles what becomes of what a fetch receives. What stands below the received object becomes one and the same for all of its targets, where no other
 * fetch could tell them apart.
 */
export function compileFill(node: FetchNode, path: PlanPath, { supergraphSchema, sharing }: Compilation): Fill {
  const rewrite = compileRewrites(node.outputRewrites, supergraphSchema);
  const apart = !sharing.mayShareBelow(path);
  function give(received: Entity, target: Entity): void {
    if (!rewrite) return merge(target, received);
    const whole = received['__typename'] ? received : { __typename: target['__typename'], ...received };
    rewrite(whole);
    merge(target, whole);
  }

  return (received, targets) => {
    if (!isMany(targets)) return give(received, targets);
    for (let index = 0; index < targets.length; index += 1)
      give(apart && index < targets.length - 1 ? copy(received) : received, targets[index] as Entity);
  };
}
