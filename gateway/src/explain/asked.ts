import type { IncomingHttpHeaders } from 'node:http';
import type { Identity } from '@storegraph/auth';
import { refused } from '../errors.ts';
import { createExplanation, type Explanation } from './explanation.ts';

/** What an explanation may be asked for with. */
interface Asking {
  readonly headers?: IncomingHttpHeaders;
  readonly extensions?: unknown;
}

export interface Explaining {
  /** Begins to take down what an operation does, if it asks for that: with the header `x-storegraph-explain: true`, or `extensions: { explain: true }`. */
  begin(asking: Asking): Explanation | undefined;
  /** Throws UNAUTHENTICATED or FORBIDDEN where the identity may not see how an operation is executed. */
  ensureAllowed(identity: Identity): void;
}

/** Everybody may have operations explained (`open`), or else whoever has the permission: documents for subgraphs name what no client's schema has. */
export const createExplaining = (open: boolean): Explaining => ({
  begin: ({ headers, extensions }) => (headers?.['x-storegraph-explain'] === 'true' || asks(extensions) ? createExplanation() : undefined),
  ensureAllowed({ kind, permissions }) {
    if (open || permissions.includes('graph:explain')) return;
    throw refused(
      kind === 'ANONYMOUS' ? 'UNAUTHENTICATED' : 'FORBIDDEN',
      'To have an operation explained needs the permission "graph:explain".',
    );
  },
});

const asks = (extensions: unknown): boolean =>
  typeof extensions === 'object' && extensions !== null && 'explain' in extensions && extensions.explain === true;
