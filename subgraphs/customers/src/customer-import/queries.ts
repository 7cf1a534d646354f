import type { Id } from '@storegraph/core';
import { ascending, descending, first, keyset, own, type Connection, type PageArguments } from '@storegraph/database';
import { orThrow, readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { customerImportRejections, customerImports, type ImportRow, type RejectionRow } from './tables.ts';

/** One of the store's imports, or null. */
export const importById = ({ db }: Context, id: string): Promise<ImportRow | null> =>
  db.read(
    async (tx) =>
      first(
        await tx
          .select()
          .from(customerImports)
          .where(own(tx, customerImports, eq(customerImports.id, readId('cim', id)))),
      ) ?? null,
  );

/** A page of the store's imports, newest first. Throws BAD_REQUEST for a page that can not be. */
export function importPage({ db }: Context, args: PageArguments): Promise<Connection<ImportRow>> {
  const page = orThrow(keyset(args, { table: customerImports, sort: [descending(customerImports.createdAt)], id: customerImports.id }));
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(customerImports)
      .where(own(tx, customerImports, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.connection(rows, () => db.read((later) => later.$count(customerImports, own(later, customerImports))));
  });
}

/** A page of what an import has rejected, by their lines. Throws BAD_REQUEST for a page that can not be. */
export function rejectionPage({ db }: Context, importId: Id<'cim'>, args: PageArguments): Promise<Connection<RejectionRow>> {
  const table = customerImportRejections;
  const page = orThrow(keyset(args, { table, sort: [ascending(table.line), ascending(table.position)], id: table.position }));
  const ofImport = eq(table.importId, importId);
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(table)
      .where(own(tx, table, ofImport, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.connection(rows, () => db.read((later) => later.$count(table, own(later, table, ofImport))));
  });
}
