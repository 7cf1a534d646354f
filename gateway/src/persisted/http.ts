import type { HTTPGraphQLRequest } from '@apollo/server';
import type { PersistedOperations } from './persisted.ts';

/** The part of a request that names the operation, with the text of a persisted one in the place of its id. Throws as `documentOf` does. */
export function withDocument(
  persisted: PersistedOperations,
  { method, body, search }: HTTPGraphQLRequest,
): Pick<HTTPGraphQLRequest, 'body' | 'search'> {
  return method === 'GET' ? { body, search: inSearch(persisted, search) } : { body: inBody(persisted, body), search };
}

function inBody(persisted: PersistedOperations, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const query = persisted.documentOf(body);
  if (query === undefined) return body;
  const { extensions, ...rest } = without('documentId', body);
  return { ...rest, query, ...(extensions !== undefined && { extensions: withoutHash(extensions) }) };
}

function inSearch(persisted: PersistedOperations, search: string): string {
  const parameters = new URLSearchParams(search);
  const extensions = parsed(parameters.get('extensions'));
  const query = persisted.documentOf({
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    extensions,
  });
  if (query === undefined) return search;
  parameters.set('query', query);
  parameters.delete('documentId');
  if (extensions !== undefined) parameters.set('extensions', JSON.stringify(withoutHash(extensions)));
  return `?${parameters.toString()}`;
}

/** What is no JSON is refused later, by the server. */
function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

const withoutHash = (extensions: unknown): unknown =>
  typeof extensions === 'object' && extensions !== null ? without('persistedQuery', extensions) : extensions;

const without = (name: string, from: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));
