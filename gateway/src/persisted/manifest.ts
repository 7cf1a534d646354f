import { OperatorError } from '@storegraph/core';
import { GraphQLError, Kind, parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** As @apollo/generate-persisted-query-manifest and Apollo Kotlin and iOS write it. */
const apollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});
/** As the client preset of graphql-codegen writes it: documents by hash. */
const codegen = z.record(z.string().min(1), z.string().min(1));

const manifest = z.union([
  apollo.transform(({ operations }) => operations.map(({ id, body }) => [id, body] as const)),
  codegen.transform((documents) => Object.entries(documents)),
]);

/** The documents of a manifest by id. Throws an OperatorError when the file can't be read, is of neither form, or has a document that is no GraphQL. */
export function readManifest(file: string): ReadonlyMap<string, string> {
  const documents = new Map<string, string>();
  for (const [id, body] of entriesOf(file)) {
    const other = documents.get(id);
    if (other !== undefined && other !== body) throw unusable(file, `it has two operations "${id}"`);
    const wrong = faultOf(body);
    if (wrong !== undefined) throw unusable(file, `its operation "${id}" can't be read: ${wrong}`);
    documents.set(id, body);
  }
  return documents;
}

function entriesOf(file: string): readonly (readonly [id: string, body: string])[] {
  try {
    const parsed = manifest.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data;
  } catch (error) {
    throw unusable(file, error instanceof SyntaxError ? 'it is not JSON' : 'it can not be opened', error);
  }
  throw unusable(file, 'it is not a manifest');
}

function faultOf(body: string): string | undefined {
  try {
    const { definitions } = parse(body, { noLocation: true });
    return definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION) ? undefined : 'it has no operation';
  } catch (error) {
    return error instanceof GraphQLError ? error.message : 'it is too deep';
  }
}

const unusable = (file: string, reason: string, cause?: unknown): OperatorError =>
  new OperatorError(
    `The persisted operations of ${file} can't be used: ${reason}.`,
    'It must be a manifest of version 1 as Apollo writes it, or the persisted documents of graphql-codegen: { "hash": "query …" }.',
    { cause },
  );
