import type { DocumentNode, GraphQLFormattedError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { internalMessage } from '../../errors.ts';
import type { Switches } from '../compile/conditions.ts';
import { fragmentsOf } from '../compile/fetch-document.ts';
import type { Run } from '../compile/run.ts';
import type { Sharing } from '../compile/sharing.ts';
import type { OperationAnswer } from '../contract.ts';
import { findInvalid } from './completion.ts';
import { introspect } from './introspection.ts';
import { shapeReader, type Asked, type ShapeReader } from './shape.ts';
import { compileWriter, type Writing } from './writer.ts';

interface Variant {
  readonly shape: ShapeReader;
  readonly write: ReturnType<typeof compileWriter>;
}

/** More choices of the switches than these are compiled, used and forgotten. */
const maxVariants = 16;

/** Compiles what becomes of the result graph: the client's answer. One variant for each choice of the switches, so that a selection is in it or is not. */
export function compileAnswer(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  sharing: Sharing,
): (run: Run) => OperationAnswer {
  const fragments = fragmentsOf(document);
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no root type for a ${operation.operation}.`);
  const asked: Asked = [{ set: operation.selectionSet, parent: root }];
  const variants = new Map<string, Variant>();

  function variantFor(switches: Switches): Variant {
    const key = Object.values(switches).map(Number).join('');
    const known = variants.get(key);
    if (known) return known;
    const shape = shapeReader(schema, fragments, switches);
    const made = { shape, write: compileWriter(shape, root as NonNullable<typeof root>, asked, sharing) };
    if (variants.size < maxVariants) variants.set(key, made);
    return made;
  }

  return (run) => {
    const { shape, write } = variantFor(run.switches);
    const writing: Writing = {
      shared: run.shared,
      introspect: introspect(schema, operation, fragments.values(), run.call.variables),
      objects: 0,
      invalid: false,
      repeated: 0,
      memos: [],
    };
    const data = write(run.root, writing);
    const errors = writing.invalid ? [...run.errors, ...findInvalid(shape, root, asked, run.root, run.errors).map(internalAt)] : run.errors;
    return { data, errors, objects: writing.objects };
  };
}

const internalAt = (path: readonly (string | number)[]): GraphQLFormattedError => ({
  message: internalMessage,
  path,
  extensions: { code: 'INTERNAL' },
});
