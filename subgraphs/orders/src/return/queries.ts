import { descending, keyset, own, type Connection, type PageArguments } from '@storegraph/database';
import { orThrow, type Context } from '@storegraph/subgraph';
import { inArray, sql } from 'drizzle-orm';
import type { ReturnStatus } from './return.ts';
import { returns, type ReturnRow } from './tables.ts';

export type ReturnConnection = Connection<ReturnRow>;

const open: readonly ReturnStatus[] = ['REQUESTED', 'APPROVED', 'PARTIALLY_RECEIVED'];

/** A page of the store's returns, the latest request first. Throws BAD_REQUEST for a page that can't be read. */
export function returnPage(
  { db }: Context,
  { status, ...page }: PageArguments & { readonly status?: readonly ReturnStatus[] | null },
): Promise<ReturnConnection> {
  const part = orThrow(keyset(page, { table: returns, sort: [descending(returns.requestedAt)], id: returns.id }));
  const isAsked = status ? inArray(returns.status, [...status]) : undefined;
  // Follows from the states asked for, and is said as the index of open returns says it, so that it is used whatever the parameters.
  const isOpen = status?.every((each) => open.includes(each))
    ? sql`${returns.status} in ('REQUESTED', 'APPROVED', 'PARTIALLY_RECEIVED')`
    : undefined;
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(returns)
      .where(own(tx, returns, isAsked, isOpen, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () => db.read((later) => later.$count(returns, own(later, returns, isAsked))));
  });
}
