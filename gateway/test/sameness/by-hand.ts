import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  execute,
  GraphQLError,
  isAbstractType,
  isIntrospectionType,
  isObjectType,
  Kind,
  parse,
  validate,
  type SelectionSetNode,
} from 'graphql';
import { expect } from 'vitest';
import type { Ask } from './ask.ts';
import { dissimilarity } from './compare.ts';
import { linked, plannedOver, supergraphOf } from './compose.ts';
import { keysOf } from './facts.ts';
import { canonical, isRecord } from './hash.ts';
import { ourEngine } from './ours.ts';
import { executeByReference, type AnsweredError, type Sent } from './reference.ts';
import type { SubgraphAnswer } from './subgraph.ts';

/** A row of a table. What is a function gets the arguments, and the row together with what the gateway sent of it. */
export type Row = Readonly<Record<string, unknown>>;

/** A subgraph whose data are written down. */
export interface Service {
  readonly sdl: string;
  /** By type. Those of the root types are single rows; a reference finds a row by the keys of its type. */
  readonly rows?: Readonly<Record<string, Row | readonly Row[]>>;
  /** Changes what it answers, as a faulty subgraph would. */
  readonly spoil?: (answer: SubgraphAnswer) => SubgraphAnswer;
}

export interface HandCase {
  readonly services: Readonly<Record<string, Service>>;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** The whole answer, in its order. */
  readonly data: unknown;
  readonly errors?: readonly Omit<AnsweredError, 'code'>[];
  /** The subgraphs that are called, in order. */
  readonly calls?: readonly string[];
  /** Whether the reference has another answer, and the comparison explains it. */
  readonly explained?: boolean;
  /** What the reference gets wrong, when it does. */
  readonly reference?: string;
}

/** Expects our engine to give the answer that is written down, and the reference to give the same, or not to. */
export async function expectAnswer({
  services,
  query,
  variables = {},
  operationName,
  data,
  errors = [],
  calls,
  explained = false,
  reference,
}: HandCase): Promise<void> {
  const { ask, called } = askServices(services);
  const planned = plannedOver(supergraphOf(Object.fromEntries(Object.entries(services).map(([name, { sdl }]) => [name, sdl]))));
  const sent: Sent = { document: parse(query), variables, operationName };
  expect(validate(planned.schema, sent.document)).toEqual([]);

  const ours = ourEngine(planned.supergraphSdl);
  const answer = await ours.execute(sent, ask);
  expect(JSON.stringify(answer.data)).toBe(JSON.stringify(data));
  expect(answer.errors.map(({ message, path }) => ({ message, path }))).toEqual(errors.map(({ message, path }) => ({ message, path })));
  if (calls) expect(called).toEqual(calls);

  const other = await executeByReference(planned, await ours.plan(sent), sent, ask);
  if (explained)
    expect(canonical([answer.errors, JSON.stringify(answer.data)])).not.toBe(canonical([other.errors, JSON.stringify(other.data)]));
  const different = dissimilarity(sent, answer, other);
  if (reference === undefined) expect(different).toBeUndefined();
  else expect(different).toBeDefined();
}

/** A field that fails. */
export const failing = (message: string) => () => {
  throw new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });
};

function askServices(services: HandCase['services']): { ask: Ask; called: string[] } {
  const called: string[] = [];
  const executors = Object.fromEntries(Object.entries(services).map(([name, service]) => [name, executor(service)]));
  return {
    called,
    ask: (name, query, operationName, variables) => {
      called.push(name);
      const answer = executors[name]?.(query, operationName, variables);
      if (!answer) throw new Error(`There is no subgraph ${name}.`);
      return services[name]?.spoil?.(answer) ?? answer;
    },
  };
}

function executor({
  sdl,
  rows = {},
}: Service): (query: string, operationName: string | undefined, variables: Record<string, unknown>) => SubgraphAnswer {
  const typeDefs = parse(linked(sdl));
  const schema = buildSubgraphSchema({ typeDefs });
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isAbstractType(type)) type.resolveType = undefined;
    if (isObjectType(type)) for (const field of Object.values(type.getFields())) field.resolve = undefined;
  }
  const table = (typename: string): readonly Row[] => {
    const found = rows[typename] ?? [];
    return Array.isArray(found) ? (found as readonly Row[]) : [found as Row];
  };

  /** What the tables know of a reference: null where they have its type and not it. */
  const resolved = (reference: Row): Row | null => {
    const typename = String(reference['__typename']);
    if (!rows[typename]) return reference;
    const row = keysOf(typeDefs, typename)
      .filter((key) => has(reference, key))
      .flatMap((key) => table(typename).filter((each) => canonical(picked(each, key)) === canonical(picked(reference, key))))[0];
    return row ? { ...reference, ...row, __typename: row['__typename'] ?? typename } : null;
  };
  const whole = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(whole);
    return isRecord(value) && typeof value['__typename'] === 'string' && keysOf(typeDefs, value['__typename']).length > 0
      ? resolved(value)
      : value;
  };

  return (query, operationName, variables) => {
    const document = parse(query);
    const invalid = validate(schema, document);
    if (invalid.length > 0) return { data: null, errors: invalid.map(({ message }) => ({ message, extensions: { code: 'BAD_REQUEST' } })) };
    const answer = execute({
      schema,
      document,
      operationName,
      variableValues: structuredClone(variables),
      typeResolver: (value) => (isRecord(value) ? String(value['__typename']) : undefined),
      fieldResolver: (source, args: Record<string, unknown>, _, { fieldName, parentType, operation }) => {
        if (fieldName === '_entities') return (args['representations'] as Row[]).map(resolved);
        const root = parentType === schema.getRootType(operation.operation);
        const from = root ? table(parentType.name)[0] : (source as Row);
        const value = from?.[fieldName];
        return whole(typeof value === 'function' ? (value as (args: unknown, row: Row | undefined) => unknown)(args, from) : value);
      },
    });
    if (answer instanceof Promise) throw new Error('The rows are at hand.');
    return JSON.parse(JSON.stringify(answer)) as SubgraphAnswer;
  };
}

function has(row: Row, { selections }: SelectionSetNode): boolean {
  return selections.every((node) => {
    if (node.kind !== Kind.FIELD) return true;
    const value = row[node.name.value];
    return value !== undefined && (!node.selectionSet || (isRecord(value) && has(value, node.selectionSet)));
  });
}

function picked(row: Row, { selections }: SelectionSetNode): Row {
  return Object.fromEntries(
    selections.flatMap((node) => {
      if (node.kind !== Kind.FIELD) return [];
      const value = row[node.name.value];
      return [[node.name.value, node.selectionSet && isRecord(value) ? picked(value, node.selectionSet) : value] as const];
    }),
  );
}
