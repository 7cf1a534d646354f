import { FetchFailed, noFaults, type Faults } from './faults.ts';
import { canonical } from './hash.ts';
import type { Subgraph, SubgraphAnswer } from './subgraph.ts';

/** One fetch, however it is executed. */
export type Ask = (
  subgraph: string,
  query: string,
  operationName: string | undefined,
  variables: Record<string, unknown>,
) => SubgraphAnswer;

/** How both executors reach the subgraphs: the same question gets the same answer, and a fetch that fails becomes errors. */
export function askerOf({ subgraphs }: { readonly subgraphs: Readonly<Record<string, Subgraph>> }, faults: Faults = noFaults): Ask {
  return (name, query, operationName, variables) => {
    const subgraph = subgraphs[name];
    if (!subgraph) throw new Error(`There is no subgraph ${name}.`);
    try {
      return subgraph(query, operationName, variables, faults);
    } catch (error) {
      if (!(error instanceof FetchFailed)) throw error;
      const message = `${name}: ${error.message}`;
      const { representations } = variables;
      if (!Array.isArray(representations)) return { data: null, errors: [{ message, extensions }] };
      return {
        data: null,
        errors: representations.map((of, index) => ({
          message: `${message} about ${canonical(of)}`,
          path: ['_entities', index],
          extensions,
        })),
      };
    }
  };
}

const extensions = { code: 'SUBGRAPH_UNAVAILABLE' };
