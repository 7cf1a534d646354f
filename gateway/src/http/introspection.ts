import type { ApolloServerPlugin } from '@apollo/server';
import type { Identity } from '@storegraph/auth';
import { Kind, visit, type DocumentNode } from 'graphql';
import type { RequestContext } from '../context.ts';
import { refused } from '../errors.ts';

const mayRead = ({ permissions }: Identity) => permissions.includes('schema:read');

/**
 * Whether a request may read the schema through introspection: everybody (`open`), or else whoever has the permission. Looked at for each request, since
 * Apollo Server validates a document only once.
 */
export function introspectionSwitch(open: boolean): ApolloServerPlugin<RequestContext> {
  if (open) return {};
  const asked = new WeakMap<DocumentNode, boolean>();
  const asksFor = (document: DocumentNode): boolean => {
    const known = asked.get(document) ?? introspects(document);
    asked.set(document, known);
    return known;
  };
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ document, contextValue: { identity } }) => {
          if (mayRead(identity) || !asksFor(document)) return Promise.resolve();
          const anonymous = identity.kind === 'ANONYMOUS';
          return Promise.reject(refused(anonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN', 'Introspection needs the permission "schema:read".'));
        },
      }),
  };
}

function introspects(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.FIELD]: ({ name }) => {
      if (name.value === '__schema' || name.value === '__type') found = true;
    },
  });
  return found;
}
