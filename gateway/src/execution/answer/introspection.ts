import { executeSync, Kind, type FieldNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

/** Answers the introspection fields of one response key from the API schema, as JSON text. */
export function introspect(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Iterable<FragmentDefinitionNode>,
  variables: Record<string, unknown>,
): (key: string, nodes: readonly FieldNode[]) => string {
  return (key, nodes) => {
    const { data } = executeSync({
      schema,
      document: {
        kind: Kind.DOCUMENT,
        definitions: [{ ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: nodes } }, ...fragments],
      },
      rootValue: {},
      variableValues: variables,
    });
    return JSON.stringify(data?.[key] ?? null);
  };
}
