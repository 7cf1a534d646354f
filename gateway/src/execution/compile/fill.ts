import type { FetchNode } from '@apollo/query-planner';
import type { Entity } from '../own.ts';
import type { Compilation } from './compilation.ts';
import { copy, merge } from './merge.ts';
import type { PlanPath } from './path.ts';
import { compileRewrites } from './rewrites.ts';

/** Gives one received object to every object of the graph that it belongs to. */
export type Fill = (received: Entity, targets: readonly Entity[]) => void;

/**
 * Compiles what becomes of what a fetch receives. What stands below the received object becomes one and the same for all of its targets, where no other
 * fetch could tell them apart.
 */
export function compileFill(node: FetchNode, path: PlanPath, { supergraphSchema, sharing }: Compilation): Fill {
  const rewrite = compileRewrites(node.outputRewrites, supergraphSchema);
  const apart = !sharing.mayShareBelow(path);
  return (received, targets) => {
    for (let index = 0; index < targets.length; index += 1) {
      const target = targets[index] as Entity;
      const given = apart && index < targets.length - 1 ? copy(received) : received;
      if (!rewrite) merge(target, given);
      else {
        const whole = given['__typename'] ? given : { __typename: target['__typename'], ...given };
        rewrite(whole);
        merge(target, whole);
      }
    }
  };
}
