import type { Identity } from '@storegraph/auth';
import { Kind, visit, type DocumentNode } from 'graphql';
import { refused } from '../errors.ts';

/** Throws UNAUTHENTICATED or FORBIDDEN where a document asks for the schema and the identity may not read it. */
export type IntrospectionRule = (document: DocumentNode, identity: Identity) => void;

/** Everybody may read the schema (`open`), or else whoever has the permission. */
export function introspectionRule(open: boolean): IntrospectionRule {
  const asked = new WeakMap<DocumentNode, boolean>();
  const asksFor = (document: DocumentNode): boolean => {
    const known = asked.get(document) ?? introspects(document);
    asked.set(document, known);
    return known;
  };
  return (document, { kind, permissions }) => {
    if (open || permissions.includes('schema:read') || !asksFor(document)) return;
    throw refused(kind === 'ANONYMOUS' ? 'UNAUTHENTICATED' : 'FORBIDDEN', 'Introspection needs the permission "schema:read".');
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
