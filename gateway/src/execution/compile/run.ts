import type { GraphQLFormattedError } from 'graphql';
import type { FetchAnswer, OperationCall } from '../contract.ts';
import type { Entity } from '../own.ts';
import type { CompiledFetch } from './request.ts';

/** One execution of a compiled operation. */
export interface Run {
  readonly call: OperationCall;
  /** The result graph's root: what the fetches have filled so far. */
  readonly root: Entity;
  readonly errors: GraphQLFormattedError[];
  /** Calls the fetch's subgraph, or joins an equal call. */
  readonly fetch: (fetch: CompiledFetch, variablesText: string, representations: number | undefined) => Promise<FetchAnswer>;
  /** The values of the variables that decide on branches of the plan. */
  readonly switches: Readonly<Record<string, boolean>>;
  /** By the numbers of the paths at which it can happen: whether some objects have become one or have been given the same, or even many of them. */
  readonly shared: ('some' | 'many' | undefined)[];
}

/** A compiled node of a plan: fills these objects of the graph. Never rejects. */
export type Step = (run: Run, entities: readonly Entity[]) => Promise<void> | void;
