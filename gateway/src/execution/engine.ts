import type { QueryPlan } from '@apollo/query-planner';
import { buildASTSchema, parse } from 'graphql';
import { internalMessage } from '../errors.ts';
import type { Engine, EngineOptions, OperationAnswer, SubgraphReceive } from './contract.ts';
import { isObject } from './own.ts';
import { createFetches } from './fetches/fetches.ts';
import { compileOperation } from './operation.ts';
import { createOperations } from './operations.ts';
import type { SupergraphTexts } from './plan/planner.ts';
import { startPlanning, type PlanningOptions } from './plan/planning.ts';

export type * from './contract.ts';

/**
 * Has a thread read a supergraph, and makes what executes operations over it. The thread plans as well: an operation that takes too long to plan is refused,
 * and holds up no other. Rejects when the supergraph can't be used.
 */
export async function startEngine(
  supergraphSdl: string,
  options: EngineOptions & Omit<PlanningOptions, 'supergraphSdl'>,
): Promise<PlanningEngine> {
  const { supergraph, plan, retire } = await startPlanning({ ...options, supergraphSdl });
  return { ...engineOver(supergraph, plan, options), retire };
}

export interface PlanningEngine extends Engine {
  /** Another takes over: ends its thread. What was begun with this engine may still be executed with it, and be planned. */
  retire(): void;
}

/** `plan`: see `Planner.plan`. */
export function engineOver(
  { api, whole, subgraphs }: SupergraphTexts,
  plan: (operation: string) => Promise<string>,
  { call, receive = believe, onPlanning, onCache, cachedOperations = 1_000 }: EngineOptions,
): Engine {
  const [apiSchema, supergraphSchema] = [schemaOf(api), schemaOf(whole)];
  const surroundings = { apiSchema, supergraphSchema, fetches: createFetches(call), receive };
  const operations = createOperations({
    plan,
    onPlanning,
    onCache,
    compile: (document, operation, planned) => compileOperation(document, operation, JSON.parse(planned) as QueryPlan, surroundings),
    max: cachedOperations,
  });
  return {
    schema: apiSchema,
    subgraphs,
    operation: (document, operationName) => operations.get(document, operationName),
    hottest: (count) => operations.hottest(count),
    kept: () => operations.kept(),
  };
}

/** Of what was read, and found valid, as a supergraph. */
const schemaOf = (sdl: string) => buildASTSchema(parse(sdl, { noLocation: true }), { assumeValid: true, assumeValidSDL: true });

const believe: SubgraphReceive = (_subgraph, shape, payload) => {
  const { data, errors } = isObject(payload) ? payload : {};
  const usable = shape.fits(data) && isObject(data);
  if (!usable && !Array.isArray(errors)) return { data: null, errors: [{ message: internalMessage, extensions: { code: 'INTERNAL' } }] };
  return { data: usable ? data : null, errors: Array.isArray(errors) ? errors : [] };
};

/** `{ "errors": …, "data": …, "extensions": … }` as text. */
export function answerText({ data, errors }: Pick<OperationAnswer, 'data' | 'errors'>, extensions?: Record<string, unknown>): string {
  const members: string[] = [];
  if (errors.length > 0) members.push(`"errors":${JSON.stringify(errors)}`);
  if (data !== undefined) members.push(`"data":${data}`);
  if (extensions !== undefined) members.push(`"extensions":${JSON.stringify(extensions)}`);
  return `{${members.join(',')}}`;
}
