import type { GraphQLESLintRule } from '@graphql-eslint/eslint-plugin';

/** One stem: `orderCancel` takes one `input: OrderCancelInput!` and gives an `OrderCancelPayload!`, so that a search for one word finds all of it. */
export const mutationStem: GraphQLESLintRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      input: '{{mutation}} takes one argument, `input: {{stem}}Input!`.',
      payload: '{{mutation}} gives `{{stem}}Payload!`.',
    },
  },
  create(context) {
    return {
      ':matches(ObjectTypeDefinition, ObjectTypeExtension)[name.value=Mutation] > FieldDefinition'(node: FieldDefinition) {
        const mutation = node.name.value;
        const stem = mutation.charAt(0).toUpperCase() + mutation.slice(1);
        const [input, ...more] = node.arguments ?? [];
        const takesInput = input?.name.value === 'input' && required(input.gqlType) === `${stem}Input` && more.length === 0;
        if (!takesInput) context.report({ node: node.name, messageId: 'input', data: { mutation, stem } });
        if (required(node.gqlType) !== `${stem}Payload`)
          context.report({ node: node.name, messageId: 'payload', data: { mutation, stem } });
      },
    };
  },
};

interface Location {
  readonly loc: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}
interface Type {
  readonly kind: string;
  readonly name?: { readonly value: string };
  readonly gqlType?: Type;
}
interface FieldDefinition {
  readonly name: Location & { readonly value: string };
  readonly arguments?: readonly { readonly name: { readonly value: string }; readonly gqlType: Type }[];
  readonly gqlType: Type;
}

/** The name of a type that is written with an exclamation mark and without brackets. */
function required(type: Type): string | undefined {
  return type.kind === 'NonNullType' ? type.gqlType?.name?.value : undefined;
}
