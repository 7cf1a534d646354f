import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { compileAnswer } from './answer/answer.ts';
import { fetchesOf, startCompilation } from './compile/compilation.ts';
import { switchNames, type Switches } from './compile/conditions.ts';
import { compileEvent } from './compile/plain-fetch.ts';
import { compileNode } from './compile/nodes.ts';
import { compileVariables } from './compile/request.ts';
import type { Run } from './compile/run.ts';
import type { CompiledOperation, CompiledSubscription, OperationAnswer, OperationCall, SubgraphReceive } from './contract.ts';
import { compileVariableCheck } from './variables.ts';

/** What an operation is compiled with and executed over. */
export interface Surroundings {
  readonly apiSchema: GraphQLSchema;
  readonly supergraphSchema: GraphQLSchema;
  /** How the fetches of one execution are called. */
  readonly fetches: (kind: CompiledOperation['kind'], call: OperationCall) => Run['fetch'];
  readonly receive: SubgraphReceive;
}

const nothing = (errors: OperationAnswer['errors']): OperationAnswer => ({ data: undefined, errors, objects: 0 });

/** Compiles a planned operation. `document` holds it alone, with the fragments that it uses. */
export function compileOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  plan: QueryPlan,
  { apiSchema, supergraphSchema, fetches, receive }: Surroundings,
): CompiledOperation {
  const kind = operation.operation;
  const [primary, rest] = plan.node?.kind === 'Subscription' ? [plan.node.primary, plan.node.rest] : [undefined, plan.node];
  const compilation = startCompilation(document, plannedFetches(primary, rest), supergraphSchema);
  const step = rest && compileNode(rest, compilation);
  const check = compileVariableCheck(apiSchema, operation, switchNames(document));
  const answer = compileAnswer(apiSchema, document, operation, compilation.sharing);

  async function run(call: OperationCall, before?: (started: Run) => void): Promise<OperationAnswer> {
    const { errors, switches } = check(call.variables);
    if (errors) return nothing(errors);
    const started = startRun(call, fetches(kind, call), switches);
    before?.(started);
    await step?.(started, [started.root]);
    return call.signal?.aborted ? nothing([cancelled]) : answer(started);
  }

  return { kind, plan, execute: (call) => run(call), ...(primary && { subscription: subscription(primary) }) };

  function subscription(node: FetchNode): CompiledSubscription {
    const variables = compileVariables(node);
    const { subgraph, query, operationName, shape } = compilation.fetchOf(node);
    const fill = compileEvent(node, compilation);
    return {
      subgraph,
      source: (given) => ({ query, operationName, variables: JSON.parse(`{${variables(given)}}`) as Record<string, unknown> }),
      answer: (payload, call) => run(call, (started) => fill(started, receive(subgraph, shape, payload, call.caller))),
    };
  }
}

const cancelled = { message: 'The request was given up.', extensions: { code: 'CANCELLED' } };

const startRun = (call: OperationCall, fetch: Run['fetch'], switches: Switches): Run => ({
  call,
  root: {},
  errors: [],
  fetch,
  switches,
  shared: [],
});

function* plannedFetches(primary: FetchNode | undefined, rest: PlanNode | undefined): ReturnType<typeof fetchesOf> {
  if (primary) yield { node: primary, path: [] };
  yield* fetchesOf(rest);
}
