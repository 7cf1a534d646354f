import type { HTTPGraphQLRequest } from '@apollo/server';
import type { Asked } from '../operations/rules.ts';

type Request = Pick<HTTPGraphQLRequest, 'method' | 'body' | 'search'>;

/** What a request asks for. What is no JSON is left out, and refused later, by the server. */
export function askedIn({ method, body, search }: Request): Asked {
  if (method !== 'GET') return typeof body === 'object' && body !== null ? body : {};
  const parameters = new URLSearchParams(search);
  return {
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    variables: parsed(parameters.get('variables')),
    extensions: parsed(parameters.get('extensions')),
  };
}

/** The part of a request that names the operation, with the text of a persisted one in the place of its id. */
export function withText({ method, body, search }: Request, text: string): Pick<Request, 'body' | 'search'> {
  return method === 'GET' ? { body, search: inSearch(search, text) } : { body: inBody(body, text), search };
}

function inBody(body: unknown, query: string): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { extensions, ...rest } = without('documentId', body);
  return { ...rest, query, ...(extensions !== undefined && { extensions: withoutHash(extensions) }) };
}

function inSearch(search: string, query: string): string {
  const parameters = new URLSearchParams(search);
  const extensions = parsed(parameters.get('extensions'));
  parameters.set('query', query);
  parameters.delete('documentId');
  if (extensions !== undefined) parameters.set('extensions', JSON.stringify(withoutHash(extensions)));
  return `?${parameters.toString()}`;
}

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
