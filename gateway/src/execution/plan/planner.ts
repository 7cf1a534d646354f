import '../quiet.ts';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import { GraphQLError, type DocumentNode, type GraphQLSchema } from 'graphql';
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
