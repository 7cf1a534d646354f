import type { FetchNode } from '@apollo/query-planner';
import type { FetchRequest, FetchShape } from '../contract.ts';
import { own } from '../own.ts';

/** What is known of a fetch before any request. */
export interface CompiledFetch {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  /** Where the objects stand that it fills. */
  readonly path: readonly string[];
  readonly shape: FetchShape;
  /** The same for fetches that ask the same subgraph the same thing, whatever operation they belong to. */
  readonly sameness: string;
  /** Whether another fetch of the same plan asks the same thing. */
  readonly repeated: boolean;
}

/**
 * The variables of a request, read from their text. Inherited, not made with each request: an accessor of its own gives an object a hidden class of its own,
 * which lives on with all that the accessor can reach until the next full collection of garbage.
 */
export const lazyVariables = {
  variablesText: '{}',
  get variables(): Record<string, unknown> {
    return JSON.parse(this.variablesText) as Record<string, unknown>;
  },
};

export const fetchRequest = (
  { query, operationName, shape }: CompiledFetch,
  variablesText: string,
  representations: number | undefined,
): FetchRequest =>
  Object.assign(Object.create(lazyVariables) as typeof lazyVariables, { query, operationName, shape, variablesText, representations });

/** Compiles the choice of the client's variables that a fetch passes on, as they were sent: the members of a JSON object, without its braces. */
export function compileVariables({ variableUsages = [] }: Pick<FetchNode, 'variableUsages'>): (given: Record<string, unknown>) => string {
  const names = variableUsages.map((name) => ({ name, prefix: `${JSON.stringify(name)}:` }));
  return (given) => {
    let text = '';
    for (const { name, prefix } of names) {
      const value = JSON.stringify(own(given, name)) as string | undefined;
      if (value !== undefined) text += text === '' ? prefix + value : `,${prefix}${value}`;
    }
    return text;
  };
}
