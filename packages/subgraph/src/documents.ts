import { GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

export type Prepared = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

/** Parses and validates each query text once. Keeps the last `max` texts, of at most `maxCharacters` together. */
export function createDocuments(schema: GraphQLSchema, { max = 2000, maxCharacters = 20_000_000 } = {}): (query: string) => Prepared {
  const known = new LRUCache<string, Prepared>({ max, maxSize: maxCharacters, sizeCalculation: (_, query) => query.length + 1 });
  return (query) => {
    const cached = known.get(query);
    if (cached) return cached;
    const prepared = prepare(schema, query);
    known.set(query, prepared);
    return prepared;
  };
}

function prepare(schema: GraphQLSchema, query: string): Prepared {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors } : { document };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}
