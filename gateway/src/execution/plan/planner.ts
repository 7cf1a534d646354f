import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import { BREAK, GraphQLError, Kind, visit, type DocumentNode, type GraphQLSchema } from 'graphql';
import { refused } from '../../errors.ts';

export interface Planner {
  readonly apiSchema: GraphQLSchema;
  /** Every type with every field, also those that clients can't reach. */
  readonly supergraphSchema: GraphQLSchema;
  readonly subgraphs: readonly string[];
  /** Plans the one operation of a document that was validated against the API schema. Throws a coded GraphQLError. */
  plan(document: DocumentNode): QueryPlan;
}

/** Reads a supergraph. Throws when it can't be used. */
export function createPlanner(supergraphSdl: string, { maxEvaluatedPlans }: { maxEvaluatedPlans: number }): Planner {
  const supergraph = Supergraph.build(supergraphSdl);
  const planner = new QueryPlanner(supergraph, { debug: { maxEvaluatedPlans } });
  const api = supergraph.apiSchema();
  return {
    apiSchema: api.toGraphQLJSSchema(),
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    subgraphs: supergraph.subgraphsMetadata().map(({ name }) => name),
    plan(document) {
      if (hidesTypename(document)) throw refused('BAD_REQUEST', '"__typename" can not stand for another field.');
      try {
        return planner.buildQueryPlan(operationFromDocument(api, document));
      } catch (error) {
        // What has been validated and still has no plan is beyond one of the planner's own bounds.
        if (error instanceof GraphQLError) throw refused('BAD_REQUEST', error.message, { limit: 'plan' });
        throw error;
      }
    },
  };
}

/** Whether another field is asked for as `__typename`: then no object could be told by its type, neither by the planner nor when its answer is put together. */
function hidesTypename(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.FIELD]: ({ alias, name }) => {
      found = alias?.value === '__typename' && name.value !== '__typename';
      return found ? BREAK : undefined;
    },
  });
  return found;
}
