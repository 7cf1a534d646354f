import { descending, keyset, own, type Connection, type PageArguments } from '@storegraph/database';
import { orThrow, readId, type Context } from '@storegraph/subgraph';
import { count, eq, gte, inArray, lt, ne } from 'drizzle-orm';
import type { RefundSource, RefundStatus } from './payment.ts';
import { refunds, type RefundRow } from './tables.ts';

export interface RefundListArguments extends PageArguments {
  readonly filter?: {
    readonly source?: readonly RefundSource[] | null;
    readonly status?: readonly RefundStatus[] | null;
    readonly customerId?: string | null;
    readonly refundedFrom?: Date | null;
    readonly refundedTo?: Date | null;
  } | null;
}

/** A page of the store's refunds, newest first. Throws BAD_REQUEST for a page that can't be read. */
export function refundPage({ db }: Context, { filter, ...page }: RefundListArguments): Promise<Connection<RefundRow>> {
  const part = orThrow(keyset(page, { table: refunds, sort: [descending(refunds.grantedAt)], id: refunds.id }));
  const conditions = [
    filter?.source ? inArray(refunds.source, [...filter.source]) : undefined,
    filter?.status ? inArray(refunds.status, [...filter.status]) : undefined,
    // What most are not: tells the planner of the index of those.
    filter?.status && !filter.status.includes('SETTLED') ? ne(refunds.status, 'SETTLED') : undefined,
    filter?.customerId ? eq(refunds.customerId, readId('cus', filter.customerId)) : undefined,
    filter?.refundedFrom ? gte(refunds.refundedAt, filter.refundedFrom) : undefined,
    filter?.refundedTo ? lt(refunds.refundedAt, filter.refundedTo) : undefined,
  ];
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(refunds)
      .where(own(tx, refunds, ...conditions, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    const total = async () => {
      const [row] = await db.read((later) =>
        later
          .select({ refunds: count() })
          .from(refunds)
          .where(own(later, refunds, ...conditions)),
      );
      return row?.refunds ?? 0;
    };
    return part.connection(rows, total);
  });
}
