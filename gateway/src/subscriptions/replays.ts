import { getArgumentValues, getNamedType, getVariableValues, Kind, type GraphQLField } from 'graphql';
import type { PreparedOperation } from '../operations/operations.ts';

/**
 * Whether a subscription begins with what came behind a cursor. Who asks the same later would miss the beginning if they shared it: a live field takes its
 * cursor as `after`, or as a type whose name ends in `Cursor`. What can't be told is taken for one.
 */
export function replays({ schema, definition, variables }: Omit<PreparedOperation, 'compiled'>): boolean {
  const [node] = definition.selectionSet.selections;
  const fields: Record<string, GraphQLField<unknown, unknown>> = schema.getSubscriptionType()?.getFields() ?? {};
  const field = node?.kind === Kind.FIELD ? fields[node.name.value] : undefined;
  const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
  if (node?.kind !== Kind.FIELD || !field || !coerced) return true;
  const given = getArgumentValues(field, node, coerced);
  return field.args.some(
    ({ name, type }) =>
      given[name] !== undefined && given[name] !== null && (name === 'after' || getNamedType(type).name.endsWith('Cursor')),
  );
}
