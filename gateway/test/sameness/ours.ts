import type { QueryPlan } from '@apollo/query-planner';
import { anonymous } from '@storegraph/auth';
import type { RequestContext } from '../../src/context.ts';
import type { CompiledOperation, Engine } from '../../src/execution/engine.ts';
import { createEngine } from '../../src/execution/in-place.ts';
import type { Ask } from './ask.ts';
import { maxEvaluatedPlans } from './compose.ts';
import type { AnsweredError, Sent } from './reference.ts';

export interface OurAnswer {
  readonly data: unknown;
  readonly errors: readonly AnsweredError[];
}

/** Our engine over a supergraph. Whom a fetch asks is a matter of each execution. */
export interface Ours {
  readonly engine: Engine;
  plan(sent: Sent): Promise<QueryPlan>;
  execute(sent: Sent, ask: Ask): Promise<OurAnswer>;
}

interface SampleCaller extends RequestContext {
  readonly ask: Ask;
}

export function ourEngine(supergraphSdl: string): Ours {
  let count = 0;
  const engine = createEngine(supergraphSdl, {
    maxEvaluatedPlans,
    call: (subgraph, { query, operationName, variables }, caller) => {
      const { data, errors = [] } = (caller as SampleCaller).ask(subgraph, query, operationName, variables);
      return Promise.resolve({ data: structuredClone(data), errors: structuredClone(errors) });
    },
  });
  const compiled = ({ document, operationName }: Sent): Promise<CompiledOperation> => engine.operation(document, operationName);
  return {
    engine,
    plan: async (sent) => (await compiled(sent)).plan,
    execute: async (sent, ask) => {
      count += 1;
      const caller: SampleCaller = { identity: anonymous(), requestId: String(count), ip: null, userAgent: null, traceparent: null, ask };
      const { data, errors } = await (await compiled(sent)).execute({ variables: { ...sent.variables }, caller });
      return {
        data: data === undefined ? undefined : (JSON.parse(data) as unknown),
        errors: errors.map(({ message, path, extensions }) => ({ message, path, code: extensions?.['code'] })),
      };
    },
  };
}
