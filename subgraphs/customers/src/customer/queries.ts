import { isRefusal, ok, type Result } from '@storegraph/core';
import {
  ascending,
  descending,
  keyset,
  own,
  typeId,
  type Connection,
  type Keyset,
  type PageArguments,
  type SortKey,
  type Tx,
} from '@storegraph/database';
import { orThrow, PublicError, type Context } from '@storegraph/subgraph';
import { and, eq, sql, type SQL } from 'drizzle-orm';
import { integer, pgTable } from 'drizzle-orm/pg-core';
import { storeCountry } from '../store/numbers.ts';
import { meeting, type CustomerFilter } from './filter.ts';
import { found } from './found.ts';
import { searchTerms, type SearchTerms } from './search.ts';
import { customers, type CustomerRow } from './tables.ts';

interface ListArguments extends PageArguments {
  readonly query?: string | null;
  readonly filter?: CustomerFilter | null;
  readonly sort?: Sort | null;
}

type Sort = 'RELEVANCE' | 'NEWEST' | 'OLDEST' | 'UPDATED' | 'NAME' | 'NUMBER';
type ByColumn = Exclude<Sort, 'RELEVANCE'>;

/** The store's customers a page at a time, all or those that a query finds. Throws BAD_REQUEST for a page, cursor or sort that can not be. */
export async function customerList(ctx: Context, { query, sort, filter, ...args }: ListArguments): Promise<Connection<CustomerRow>> {
  if (query && query.trim() !== '') return findCustomers(ctx, args, query, sort ?? 'RELEVANCE', filter);
  if (sort === 'RELEVANCE') throw new PublicError('BAD_REQUEST', 'RELEVANCE sorts what a query finds: give a query.');

  const page = orThrow(pageBy(sort ?? 'NEWEST', args));
  return ctx.db.read(async (tx) => {
    const where = own(tx, customers, meeting(tx, filter), page.where);
    const rows = await tx
      .select()
      .from(customers)
      .where(where)
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.connection(rows, () => ctx.db.read((again) => again.$count(customers, own(again, customers, meeting(again, filter)))));
  });
}

const sortKeys: Readonly<Record<ByColumn, SortKey>> = {
  NEWEST: descending(customers.createdAt),
  OLDEST: ascending(customers.createdAt),
  UPDATED: descending(customers.updatedAt),
  NAME: ascending(customers.sortName),
  NUMBER: ascending(customers.number),
};

const pageBy = (sort: ByColumn, args: PageArguments): Result<Keyset<CustomerRow>, 'BAD_PAGE'> =>
  keyset(args, {
    table: customers,
    sort: [sortKeys[sort]],
    id: customers.id,
  });

/** What the search function gives, for the columns' sake. */
const hits = pgTable('hits', { customerId: typeId('cus').notNull(), rank: integer().notNull() });

interface Found {
  readonly rank: number;
  readonly customer: CustomerRow;
}

function findCustomers(
  { db }: Context,
  args: PageArguments,
  query: string,
  sort: Sort,
  filter: CustomerFilter | null | undefined,
): Promise<Connection<CustomerRow>> {
  const page = orThrow(foundPage(sort, args));
  return db.read(async (tx) => {
    const terms = searchTerms(query, await storeCountry(tx));
    if (!terms) return page.connection([], () => Promise.resolve(0));
    const rows = await tx
      .select({ rank: sql<number>`${hits.rank}`, customer: customers })
      .from(found(terms))
      .innerJoin(customers, isHit(tx, meeting(tx, filter)))
      .where(page.where)
      .orderBy(...page.orderBy)
      .limit(page.limit);
    return page.connection(rows, () => db.read((again) => countFound(again, terms, meeting(again, filter))));
  });
}

/** The page of a search, whose nodes are the customers in it. */
interface FoundPage extends Pick<Keyset<never>, 'where' | 'orderBy' | 'limit'> {
  connection(rows: readonly Found[], count: () => Promise<number>): Connection<CustomerRow>;
}

function foundPage(sort: Sort, args: PageArguments): Result<FoundPage, 'BAD_PAGE'> {
  if (sort !== 'RELEVANCE') {
    const page = pageBy(sort, args);
    if (isRefusal(page)) return page;
    const { where, orderBy, limit, connection } = page.value;
    return ok({
      where,
      orderBy,
      limit,
      connection: (rows, count) =>
        connection(
          rows.map(({ customer }) => customer),
          count,
        ),
    });
  }
  const page = keyset(args, { table: hits, sort: [descending(hits.rank)], id: hits.customerId });
  if (isRefusal(page)) return page;
  const { where, orderBy, limit, connection } = page.value;
  return ok({
    where,
    orderBy,
    limit,
    connection(rows, count) {
      const { nodes, edges, ...rest } = connection(rows, count, ({ rank, customer }) => ({ rank, customerId: customer.id }));
      return {
        ...rest,
        nodes: nodes.map(({ customer }) => customer),
        edges: edges.map(({ cursor, node }) => ({ cursor, node: node.customer })),
      };
    },
  });
}

async function countFound(tx: Tx, terms: SearchTerms, meets: SQL | undefined): Promise<number> {
  const [row] = await tx
    .select({ count: sql<number>`count(*)::integer` })
    .from(found(terms))
    .innerJoin(customers, isHit(tx, meets));
  return row?.count ?? 0;
}

const isHit = (tx: Tx, meets: SQL | undefined): SQL => own(tx, customers, and(eq(customers.id, hits.customerId), meets));
