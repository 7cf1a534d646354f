import { internalMessage } from '../errors.ts';
import type { Engine, EngineOptions, OperationAnswer, SubgraphReceive } from './contract.ts';
import { isObject } from './own.ts';
import { createFetches } from './fetches/fetches.ts';
import { compileOperation } from './operation.ts';
import { createOperations } from './operations.ts';
import { createPlanner } from './plan/planner.ts';

export type * from './contract.ts';

/** Reads a supergraph and makes what executes operations over it. Throws when the supergraph can't be used. */
export function createEngine(
  supergraphSdl: string,
  { call, receive = believe, maxEvaluatedPlans, cachedOperations = 1_000 }: EngineOptions,
): Engine {
  const { apiSchema, supergraphSchema, subgraphs, plan } = createPlanner(supergraphSdl, { maxEvaluatedPlans });
  const surroundings = { apiSchema, supergraphSchema, fetches: createFetches(call), receive };
  const operations = createOperations(
    (document, operation) => compileOperation(document, operation, plan(document), surroundings),
    cachedOperations,
  );
  return {
    schema: apiSchema,
    subgraphs,
    operation: (document, operationName) => operations.get(document, operationName),
    hottest: (count) => operations.hottest(count),
  };
}

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
