import { engineOver, type Engine, type EngineOptions } from './engine.ts';
import { readSupergraph } from './plan/planner.ts';

/**
 * Reads a supergraph and makes what executes operations over it. Reads and plans in this thread, and holds up all else meanwhile: for whoever knows the
 * operations. Throws when the supergraph can't be used.
 */
export function createEngine(
  supergraphSdl: string,
  { maxEvaluatedPlans, ...options }: EngineOptions & { readonly maxEvaluatedPlans: number },
): Engine {
  const { supergraph, plan } = readSupergraph({ supergraphSdl, maxEvaluatedPlans }).planner();
  return engineOver(supergraph, (operation) => new Promise((resolve) => resolve(plan(operation))), options);
}
