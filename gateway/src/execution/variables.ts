import { getVariableValues, type GraphQLFormattedError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Switches } from './compile/conditions.ts';

/** More complaints than this about one request's variables say nothing new. */
const maxErrors = 10;

const badInput = (message: string): GraphQLFormattedError => ({ message, extensions: { code: 'BAD_USER_INPUT' } });

export type CheckedVariables =
  | { readonly errors: readonly GraphQLFormattedError[]; readonly switches?: undefined }
  | { readonly errors?: undefined; readonly switches: Switches };

const none: CheckedVariables = { switches: {} };

/** Compiles the check of a client's variables against their types, and the reading of those that decide on `@skip` and `@include`. */
export function compileVariableCheck(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  switchNames: readonly string[],
): (given: Record<string, unknown>) => CheckedVariables {
  if (variableDefinitions.length === 0) return () => none;
  return (given) => {
    const { errors, coerced } = getVariableValues(schema, variableDefinitions, given, { maxErrors });
    if (errors) return { errors: errors.map(({ message }) => badInput(message)) };
    if (switchNames.length === 0) return none;
    const switches: Record<string, boolean> = {};
    for (const name of switchNames) {
      const value = coerced[name];
      // A variable that may be null is let into `if: Boolean!` for the sake of its default.
      if (typeof value !== 'boolean') return { errors: [badInput('Argument "if" of non-null type "Boolean!" must not be null.')] };
      switches[name] = value;
    }
    return { switches };
  };
}
