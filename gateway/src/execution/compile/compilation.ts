import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { isObjectType, type DocumentNode, type GraphQLSchema } from 'graphql';
import { fetchShape } from '../hop/answer-shape.ts';
import { clientPaths, type ClientPaths } from './client-paths.ts';
import { fieldsOf, readFetch } from './fetch-document.ts';
import type { PlanPath } from './path.ts';
import type { CompiledFetch } from './request.ts';
import { findSharing, type PlannedFetch, type Sharing } from './sharing.ts';
import { isOfType } from './types.ts';

/** What the parts of a plan are compiled with. */
export interface Compilation {
  readonly supergraphSchema: GraphQLSchema;
  readonly sharing: Sharing;
  readonly client: ClientPaths;
  fetchOf(node: FetchNode): CompiledFetch;
  /** The response keys of what a fetch gives an object, by the object's type. */
  fetchKeys(node: FetchNode): (typename: unknown) => readonly string[];
}

export function startCompilation(
  document: DocumentNode,
  nodes: Iterable<{ node: FetchNode; path: PlanPath }>,
  supergraphSchema: GraphQLSchema,
): Compilation {
  const fetches = new Map<FetchNode, PlannedFetch>();
  for (const { node, path } of nodes) fetches.set(node, { node, path, document: readFetch(node.operation) });
  const documentOf = (node: FetchNode) => fetches.get(node)?.document ?? readFetch(node.operation);

  const times = new Map<string, number>();
  for (const node of fetches.keys()) times.set(samenessOf(node), (times.get(samenessOf(node)) ?? 0) + 1);

  return {
    supergraphSchema,
    sharing: findSharing([...fetches.values()]),
    client: clientPaths(document),
    fetchOf: (node) => ({
      subgraph: node.serviceName,
      query: node.operation,
      operationName: node.operationName,
      path: fetches.get(node)?.path ?? [],
      shape: fetchShape(supergraphSchema, documentOf(node)),
      sameness: samenessOf(node),
      repeated: (times.get(samenessOf(node)) ?? 0) > 1,
    }),
    fetchKeys: (node) => {
      const { operation, fragments } = documentOf(node);
      return (typename) => {
        const type = typeof typename === 'string' ? supergraphSchema.getType(typename) : undefined;
        const applies = (on: string) => !isObjectType(type) || isOfType(supergraphSchema, type.name, on);
        const keys = new Set<string>();
        for (const field of fieldsOf(operation.selectionSet, fragments)) {
          const inner = field.name === '_entities' && field.set ? fieldsOf(field.set, fragments, applies) : [field];
          for (const { key, name } of inner) if (name !== '__typename') keys.add(key);
        }
        return [...keys];
      };
    },
  };
}

/** The planner names a fetch after the client's operation and its own place in the plan: no part of what is asked. */
const samenessOf = ({ serviceName, operation, operationName }: FetchNode): string =>
  `${serviceName} ${operationName === undefined ? operation : operation.replace(` ${operationName}`, '')}`;

/** Every fetch of a plan, with the path of the objects that it fills. */
export function* fetchesOf(node: PlanNode | undefined, path: PlanPath = []): Generator<{ node: FetchNode; path: PlanPath }> {
  switch (node?.kind) {
    case undefined:
      return;
    case 'Fetch':
      yield { node, path };
      return;
    case 'Flatten':
      yield* fetchesOf(node.node, [...path, ...node.path.map(String)]);
      return;
    case 'Sequence':
    case 'Parallel':
      for (const each of node.nodes) yield* fetchesOf(each, path);
      return;
    case 'Condition':
      yield* fetchesOf(node.ifClause, path);
      yield* fetchesOf(node.elseClause, path);
      return;
    case 'Defer':
      throw new Error('The plan defers, which was not asked of the planner.');
  }
}
