import { execute, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { Sent } from './reference.ts';
import { isThing, type World } from './world.ts';

/** What a server would answer that has all of the data itself: no plan, no subgraphs. graphql-js, and so in the order that the specification wants. */
export function executeByMonolith(schema: GraphQLSchema, world: World, { document, operationName, variables }: Sent): unknown {
  const fieldResolver: GraphQLFieldResolver<unknown, unknown, Readonly<Record<string, unknown>>> = (source, args, _, info) =>
    world.value(isThing(source) ? source : { typename: `:${info.operation.operation}`, number: 0 }, info.fieldName, args);
  const answer = execute({
    schema,
    document,
    operationName,
    variableValues: variables,
    fieldResolver,
    typeResolver: (value) => (isThing(value) ? value.typename : undefined),
  });
  if (answer instanceof Promise) throw new Error('The data is at hand.');
  return JSON.parse(JSON.stringify(answer.data)) as unknown;
}
