import { operationFromDocument } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import type { Ask } from './ask.ts';
import type { Planned } from './compose.ts';

/** An operation as a client sends it, parsed. It has been validated. */
export interface Sent {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly code: unknown;
}

/** What the stock executor answers. */
export interface ReferenceAnswer {
  readonly data: unknown;
  /** What the subgraphs told. */
  readonly errors: readonly AnsweredError[];
  /** The nulls where none may be, and the values that are not of their type. It tells of them only where there is nothing else to tell, and never as errors. */
  readonly completion: readonly AnsweredError[];
}

export function plan({ planner, api }: Planned, { document, operationName }: Sent): QueryPlan {
  return planner.buildQueryPlan(operationFromDocument(api, document, { operationName }));
}

/** Executes a plan with the executor of @apollo/gateway. */
export async function executeByReference(planned: Planned, queryPlan: QueryPlan, sent: Sent, ask: Ask): Promise<ReferenceAnswer> {
  const told = await execute(planned, queryPlan, sent, ask);
  if (told.errors.length === 0) return told;
  // A second time, without the subgraphs' errors: only then does it tell of what it completed.
  const quiet = await execute(planned, queryPlan, sent, (...asked) => ({ data: ask(...asked).data }));
  return { data: told.data, errors: told.errors, completion: quiet.completion };
}

async function execute(
  planned: Planned,
  queryPlan: QueryPlan,
  { document, operationName, variables }: Sent,
  ask: Ask,
): Promise<ReferenceAnswer> {
  const services: ServiceMap = Object.fromEntries(
    subgraphsIn(queryPlan).map((name) => [
      name,
      {
        process: ({ request }) => {
          const answer = ask(name, request.query ?? '', request.operationName, { ...request.variables });
          // A copy: the executor makes what it gets part of its answer, and changes it there.
          return Promise.resolve(structuredClone(answer) as Awaited<ReturnType<ServiceMap[string]['process']>>);
        },
      },
    ]),
  );
  const context = { request: { variables }, metrics: {}, context: {} } as unknown as Parameters<typeof executeQueryPlan>[2];
  const operationContext = buildOperationContext({ schema: planned.schema, operationDocument: document, operationName });
  const {
    data,
    errors = [],
    extensions,
  } = await executeQueryPlan(structuredClone(queryPlan), services, context, operationContext, planned.supergraphSchema, planned.api);
  const completion = (extensions?.['valueCompletion'] ?? []) as typeof errors;
  return {
    data: data === undefined ? undefined : (JSON.parse(JSON.stringify(data)) as unknown),
    errors: errors.map(answered),
    completion: completion.map(answered),
  };
}

const answered = ({
  message,
  path,
  extensions,
}: {
  message: string;
  path?: readonly (string | number)[] | undefined;
  extensions?: Record<string, unknown>;
}) => ({
  message,
  path,
  code: extensions?.['code'],
});

function subgraphsIn(node: unknown): string[] {
  const names = new Set<string>();
  JSON.stringify(node, (key, value: unknown) => {
    if (key === 'serviceName' && typeof value === 'string') names.add(value);
    return value;
  });
  return [...names];
}
