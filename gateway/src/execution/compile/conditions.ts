import { Kind, visit, type DocumentNode, type DirectiveNode } from 'graphql';

/** The values of the variables that `@skip` and `@include` name. */
export type Switches = Readonly<Record<string, boolean>>;

/** The variables that decide, in `@skip` and `@include`, what an operation selects. */
export function switchNames(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    [Kind.DIRECTIVE]: (directive) => {
      const condition = conditionOf(directive);
      if (condition?.kind === Kind.VARIABLE) names.add(condition.name.value);
    },
  });
  return [...names];
}

/** Whether a selection with these directives is part of the operation. */
export function isSelected(directives: readonly DirectiveNode[] | undefined, switches: Switches): boolean {
  return (directives ?? []).every((directive) => {
    const condition = conditionOf(directive);
    if (!condition) return true;
    const value = condition.kind === Kind.VARIABLE ? switches[condition.name.value] : condition.kind === Kind.BOOLEAN && condition.value;
    return directive.name.value === 'skip' ? !value : value;
  });
}

const conditionOf = ({ name, arguments: given }: DirectiveNode) =>
  name.value === 'skip' || name.value === 'include' ? given?.find((argument) => argument.name.value === 'if')?.value : undefined;
