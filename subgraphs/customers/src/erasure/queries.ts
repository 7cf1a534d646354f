import { descending, keyset, own, type Connection, type PageArguments } from '@storegraph/database';
import { orThrow, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import type { ErasureStatus } from './erasure.ts';
import { erasures, type ErasureRow } from './tables.ts';

/** The store's erasures a page at a time, the latest first. Throws BAD_REQUEST for a page or cursor that can not be. */
export async function erasureList(
  { db }: Context,
  { status, ...args }: PageArguments & { readonly status?: ErasureStatus | null },
): Promise<Connection<ErasureRow>> {
  const page = orThrow(keyset(args, { table: erasures, sort: [descending(erasures.requestedAt)], id: erasures.id }));
  const meets = status ? eq(erasures.status, status) : undefined;
  const rows = await db.read((tx) =>
    tx
      .select()
      .from(erasures)
      .where(own(tx, erasures, meets, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit),
  );
  return page.connection(rows, () => db.read((tx) => tx.$count(erasures, own(tx, erasures, meets))));
}
