import { descending, first, keyset, own, type Connection, type PageArguments } from '@storegraph/database';
import type { ExportRow } from '@storegraph/exports';
import { orThrow, readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { exportKind } from './export.ts';
import { customerExports } from './tables.ts';

const { exports } = customerExports;

/** One of the store's exports of customers, or null. */
export const exportById = ({ db }: Context, id: string): Promise<ExportRow | null> =>
  db.read(
    async (tx) =>
      first(
        await tx
          .select()
          .from(exports)
          .where(own(tx, exports, eq(exports.id, readId('exp', id)), eq(exports.kind, exportKind))),
      ) ?? null,
  );

/** A page of the store's exports of customers, newest first. Throws BAD_REQUEST for a page that can't be read. */
export function exportPage({ db }: Context, page: PageArguments): Promise<Connection<ExportRow>> {
  const part = orThrow(keyset(page, { table: exports, sort: [descending(exports.createdAt)], id: exports.id }));
  const ofCustomers = eq(exports.kind, exportKind);
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(exports)
      .where(own(tx, exports, ofCustomers, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () => db.read((later) => later.$count(exports, own(later, exports, ofCustomers))));
  });
}
