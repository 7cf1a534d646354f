import type { Connection } from '@storegraph/database';
import { PublicError } from '@storegraph/subgraph';
import { z } from 'zod';

// Lists that come from SECURITY DEFINER functions: the function takes the place to go on from, so that it can enter its index there.

const place = z.tuple([z.string().regex(/^\d{4}-\d\d-\d\d[T ][\d:.]{8,15}Z?$/), z.uuid()]);

export interface Page {
  readonly size: number;
  /** The moment and the id of the last row that was given; null for the first page. */
  readonly before: { readonly at: string; readonly id: string } | null;
}

/** Reads `first` and `after`. Throws BAD_REQUEST for what is out of bounds. */
export function readPage({ first, after }: { first?: number | null; after?: string | null }): Page {
  const size = first ?? 25;
  if (!Number.isInteger(size) || size < 0 || size > 100) throw new PublicError('BAD_REQUEST', 'Ask for 0 to 100 at a time.');
  return { size, before: after == null ? null : readCursor(after) };
}

function readCursor(cursor: string): Page['before'] {
  try {
    const [at, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    // A forged day that no calendar has must not reach the database.
    const utc = at.replace(' ', 'T').replace(/Z?$/, 'Z');
    if (new Date(utc).toISOString().slice(0, 19) !== utc.slice(0, 19)) throw new TypeError('no moment');
    return { at, id };
  } catch {
    throw new PublicError('BAD_REQUEST', 'This cursor does not belong to this list.');
  }
}

/** `rows`: one more than the page holds, if there are more. */
export function connectionOf<Node>(
  { size, before }: Page,
  rows: readonly Node[],
  placeOf: (node: Node) => readonly [at: string, uuid: string],
): Omit<Connection<Node>, 'totalCount'> {
  const nodes = rows.slice(0, size);
  const edges = nodes.map((node) => ({ cursor: Buffer.from(JSON.stringify(placeOf(node))).toString('base64url'), node }));
  const [startCursor = null, endCursor = null] = [edges[0]?.cursor, edges.at(-1)?.cursor];
  return { nodes, edges, pageInfo: { hasNextPage: rows.length > size, hasPreviousPage: before !== null, startCursor, endCursor } };
}
