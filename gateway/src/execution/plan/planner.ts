import { operationFromDocument, printSchema, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { BREAK, GraphQLError, Kind, parse, visit, type DocumentNode } from 'graphql';
import { refused } from '../../errors.ts';
import { tooComplex, unplannable } from './refusals.ts';

/** What a planner is made of: plain data, so that it can be handed to a thread. */
export interface PlannerOptions {
  readonly supergraphSdl: string;
  /** How many plans may be weighed for one operation before the best so far is taken. */
  readonly maxEvaluatedPlans: number;
}

/** What whoever executes needs to know of a supergraph. */
export interface SupergraphTexts {
  /** The schema that clients see, as SDL. */
  readonly api: string;
  /** Every type with every field, also those that clients can't reach, as SDL. */
  readonly whole: string;
  readonly subgraphs: readonly string[];
}

export interface Planner {
  readonly supergraph: SupergraphTexts;
  /**
   * The plan of an operation, as JSON. `operation`: a document with one operation that was validated against the API schema. Synchronous, and may take
   * very long. Throws a coded GraphQLError for what has no plan.
   */
  plan(operation: string): string;
}

/** Of the ways in which one field of an operation can be reached. Their number can grow with each level by what it is already, and all are made. */
export const mostPaths = 1_000;

/** Characters of a plan as JSON: whoever gets it has to compile it while others wait. */
const mostCharacters = 4_000_000;

/** Reads a supergraph, and gives what makes a planner over it: that takes as long once more, and nobody needs it to begin. Throws when it can't be used. */
export function readSupergraph({ supergraphSdl, maxEvaluatedPlans }: PlannerOptions): {
  readonly supergraph: SupergraphTexts;
  planner(): Planner;
} {
  const read = Supergraph.build(supergraphSdl);
  const api = read.apiSchema();
  const supergraph = {
    api: printSchema(api),
    whole: printSchema(read.schema),
    subgraphs: read.subgraphsMetadata().map(({ name }) => name),
  };

  function planner(): Planner {
    const queries = new QueryPlanner(read, { debug: { maxEvaluatedPlans, pathsLimit: mostPaths } });
    return {
      supergraph,
      plan(operation) {
        const document = parse(operation, { noLocation: true });
        if (hidesTypename(document)) throw refused('BAD_REQUEST', '"__typename" can not stand for another field.');
        try {
          const plan = JSON.stringify(queries.buildQueryPlan(operationFromDocument(api, document)));
          if (plan.length > mostCharacters) throw tooComplex();
          return plan;
        } catch (error) {
          // What has been validated and still has no plan is beyond one of the planner's own bounds.
          if (error instanceof GraphQLError) throw error.extensions['limit'] ? error : unplannable(error.message);
          if (error instanceof Error && error.message.startsWith('Too many options generated')) throw tooComplex();
          throw error;
        }
      },
    };
  }

  return { supergraph, planner };
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
