import { readFileSync } from 'node:fs';
import { GraphQLError, Kind, parse, Source, type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode } from 'graphql';

/** Reads and parses an SDL file. Throws with the file and the line of a mistake. */
export function readSdl(file: URL): DocumentNode {
  const name = file.pathname.split('/').slice(-3).join('/');
  try {
    return parse(new Source(readFileSync(file, 'utf8'), name));
  } catch (error) {
    if (error instanceof GraphQLError) throw new Error(error.toString(), { cause: error });
    throw error;
  }
}

export const baseSdl = (): DocumentNode => readSdl(new URL('./base.graphql', import.meta.url));

/** What a subgraph's SDL says about one object type, from all its files. */
export interface ObjectSketch {
  readonly name: string;
  /** False where the subgraph only extends the type. */
  defined: boolean;
  readonly directives: ConstDirectiveNode[];
  readonly fields: Map<string, FieldDefinitionNode>;
}

export function sketchObjects(document: DocumentNode): ReadonlyMap<string, ObjectSketch> {
  const sketches = new Map<string, ObjectSketch>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    const name = node.name.value;
    const sketch = sketches.get(name) ?? { name, defined: false, directives: [], fields: new Map<string, FieldDefinitionNode>() };
    sketches.set(name, sketch);
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION) sketch.defined = true;
    sketch.directives.push(...(node.directives ?? []));
    for (const field of node.fields ?? []) sketch.fields.set(field.name.value, field);
  }
  return sketches;
}

export interface EntityKey {
  readonly fields: ReadonlySet<string>;
  readonly resolvable: boolean;
}

/** The `@key` directives of a type, with the first level of their fields. */
export function keysOf(sketch: ObjectSketch): EntityKey[] {
  return sketch.directives
    .filter(({ name }) => name.value === 'key')
    .map((directive) => {
      const argument = (name: string) => directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
      const fields = argument('fields');
      const resolvable = argument('resolvable');
      return {
        fields: fields?.kind === Kind.STRING ? topLevelFields(fields.value) : new Set<string>(),
        resolvable: !(resolvable?.kind === Kind.BOOLEAN && !resolvable.value),
      };
    });
}

export const hasDirective = (node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }, name: string) =>
  node.directives?.some((directive) => directive.name.value === name) ?? false;

function topLevelFields(fieldSet: string): Set<string> {
  const [operation] = parse(`{ ${fieldSet} }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return new Set();
  return new Set(operation.selectionSet.selections.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : [])));
}
