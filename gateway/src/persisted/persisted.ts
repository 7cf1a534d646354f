import { GraphQLError } from 'graphql';
import { createHash } from 'node:crypto';
import { refused } from '../errors.ts';
import { readManifest } from './manifest.ts';

export interface PersistedOptions {
  /** A manifest, see readManifest. */
  readonly file: string;
  /** `also`: text is taken as well. `only`: nothing but what is in the file. */
  readonly mode: 'also' | 'only';
}

/** An operation as a client names it: by text, by id, or both. Whatever a client sent, of whatever type. */
export interface NamedOperation {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

/** The operations that are known by an id. */
export interface PersistedOperations {
  /** Whether nothing else is served. */
  readonly only: boolean;
  /**
   * The text of a persisted operation, by `documentId` or `extensions.persistedQuery.sha256Hash`; undefined where none of ours is meant: the hash may
   * be one that a client has registered by itself. Throws PERSISTED_QUERY_NOT_FOUND for an id that is not known, PERSISTED_QUERY_ONLY for a text that
   * isn't, where nothing else is served, and BAD_REQUEST for a hash that is none, or of another text.
   */
  documentOf(named: NamedOperation): string | undefined;
  /** Reads the file again, and gives what puts it in force. Throws an OperatorError, and keeps what it has, when the file can't be used. */
  read(): () => void;
}

/** Without options no operation is known. */
export function createPersistedOperations(options: PersistedOptions | undefined): PersistedOperations {
  let documents: ReadonlyMap<string, string> = new Map();
  let texts: ReadonlySet<string> = new Set();
  const only = options?.mode === 'only';

  function read(): () => void {
    const fresh = options ? readManifest(options.file) : documents;
    return () => {
      documents = fresh;
      texts = new Set(fresh.values());
    };
  }
  read()();

  return {
    only,
    read,
    documentOf({ query, documentId, extensions }) {
      const persistedQuery = property(extensions, 'persistedQuery');
      const id = documentId ?? property(persistedQuery, 'sha256Hash');
      const found = typeof id === 'string' ? documents.get(id) : undefined;
      if (found !== undefined && (query === undefined || query === null || query === found)) return found;
      if (typeof query === 'string' && only) {
        if (texts.has(query)) return query;
        throw refused('PERSISTED_QUERY_ONLY', 'This graph serves persisted operations only: name one by its id.');
      }
      if (!only && persistedQuery !== undefined && persistedQuery !== null) ensureRegistrable(persistedQuery, query);
      if (typeof query === 'string' || id === undefined || id === null) return undefined;
      if (documentId === undefined && !only) return undefined;
      throw notPersisted();
    },
  };
}

/** A protocol answer rather than a refusal: clients send the text then, and expect status 200. */
export const notPersisted = () =>
  new GraphQLError('No operation is known by this id.', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', http: { status: 200 } } });

const sha256Form = /^[0-9a-f]{64}$/;

/** What Apollo Server would refuse without a code. */
function ensureRegistrable(persistedQuery: unknown, query: unknown): void {
  const hash = property(persistedQuery, 'sha256Hash');
  if (property(persistedQuery, 'version') !== 1 || typeof hash !== 'string' || !sha256Form.test(hash))
    throw refused('BAD_REQUEST', 'A persisted query is named by "version": 1 and "sha256Hash", 64 hexadecimal digits in lower case.');
  if (typeof query === 'string' && createHash('sha256').update(query).digest('hex') !== hash)
    throw refused('BAD_REQUEST', 'The hash is not that of the query.');
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
