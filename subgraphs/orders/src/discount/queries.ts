import { fromUuid, type Id } from '@storegraph/core';
import { ascending, type Connection, descending, first, keyset, own, type PageArguments, type Tx, uuids } from '@storegraph/database';
import { grouped, loader, orThrow, type Context, type LoadContext } from '@storegraph/subgraph';
import { and, asc, count, desc, eq, getTableColumns, gt, inArray, isNotNull, isNull, lte, not, or, sql, type SQL } from 'drizzle-orm';
import { alias, type PgColumn } from 'drizzle-orm/pg-core';
import { pageLoader } from '../paged.ts';
import { normalizeCode } from './code.ts';
import type { DiscountMethod, DiscountStatus } from './discount.ts';
import {
  discountCodes,
  discountRedemptions,
  discounts,
  type DiscountCodeRow,
  type DiscountRedemptionRow,
  type DiscountRow,
} from './tables.ts';

export interface DiscountListArguments extends PageArguments {
  readonly filter?: {
    readonly status?: readonly DiscountStatus[] | null;
    readonly method?: DiscountMethod | null;
    readonly query?: string | null;
  } | null;
}

/** A page of the store's discounts, newest first. Throws BAD_REQUEST for a page that can't be read. */
export function discountPage({ db, clock }: Context, { filter, ...page }: DiscountListArguments): Promise<Connection<DiscountRow>> {
  const part = orThrow(keyset(page, { table: discounts, sort: [descending(discounts.createdAt)], id: discounts.id }));
  const now = clock.now();
  const query = filter?.query?.trim();
  const conditionsOf = (tx: Tx) => [
    filter?.status ? or(sql`false`, ...filter.status.map((status) => inStatus(status, now))) : isNull(discounts.archivedAt),
    filter?.method ? eq(discounts.method, filter.method) : undefined,
    query ? matching(tx, query) : undefined,
  ];
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(discounts)
      .where(own(tx, discounts, ...conditionsOf(tx), part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    const total = async () => {
      const [row] = await db.read((later) =>
        later
          .select({ discounts: count() })
          .from(discounts)
          .where(own(later, discounts, ...conditionsOf(later))),
      );
      return row?.discounts ?? 0;
    };
    return part.connection(rows, total);
  });
}

/** `statusOf` in SQL: each status less those that come before it. */
function inStatus(status: DiscountStatus, now: Date): SQL | undefined {
  const archived = isNotNull(discounts.archivedAt);
  const disabled = isNotNull(discounts.disabledAt);
  const expired = and(isNotNull(discounts.endsAt), lte(discounts.endsAt, now));
  const exhausted = and(isNotNull(discounts.usageLimit), sql`${discounts.used} >= ${discounts.usageLimit}`);
  const scheduled = gt(discounts.startsAt, now);
  const order: readonly (readonly [DiscountStatus, SQL | undefined])[] = [
    ['ARCHIVED', archived],
    ['DISABLED', disabled],
    ['EXPIRED', expired],
    ['EXHAUSTED', exhausted],
    ['SCHEDULED', scheduled],
    ['ACTIVE', sql`true`],
  ];
  const at = order.findIndex(([name]) => name === status);
  return and(...order.slice(0, at).map(([, earlier]) => not(earlier ?? sql`false`)), order[at]?.[1]);
}

/** A part of the title, or the whole of a code. */
function matching(tx: Tx, query: string): SQL | undefined {
  const withCode = tx
    .select({ id: discountCodes.discountId })
    .from(discountCodes)
    .where(own(tx, discountCodes, eq(discountCodes.normalized, normalizeCode(query))));
  return or(sql`strpos(${discounts.titleKey}, ${query.toLowerCase()}) > 0`, inArray(discounts.id, withCode));
}

/** A code of a discount, however it is typed. */
export async function codeOf({ db }: Context, discountId: Id<'dsc'>, typed: string): Promise<DiscountCodeRow | null> {
  const rows = await db.read((tx) =>
    tx
      .select()
      .from(discountCodes)
      .where(own(tx, discountCodes, eq(discountCodes.normalized, normalizeCode(typed)), eq(discountCodes.discountId, discountId))),
  );
  return first(rows) ?? null;
}

const codesInOrder = { table: discountCodes, sort: [ascending(discountCodes.id)], id: discountCodes.id };
const codeRow = alias(discountCodes, 'code_row');
const usedLast = { table: discountRedemptions, sort: [descending(discountRedemptions.redeemedAt)], id: discountRedemptions.id };
const redemptionRow = alias(discountRedemptions, 'redemption_row');

/** Of each discount, or of each batch, a page of its codes in one statement. */
const codePages = <P extends 'dsc' | 'dbt'>(
  ctx: LoadContext,
  prefix: P,
  parentOf: PgColumn,
  parentIn: (row: DiscountCodeRow) => string | null,
) => {
  const counts = counted<P>(ctx, (tx, ids) =>
    tx
      .select({ parent: sql`${parentOf}`.mapWith((uuid: string) => fromUuid(prefix, uuid)), rows: count() })
      .from(discountCodes)
      .where(own(tx, discountCodes, sql`${parentOf} = any(${uuids(ids)})`))
      .groupBy(parentOf),
  );
  return pageLoader<P, DiscountCodeRow>(ctx, async (ids, page) => {
    const part = orThrow(keyset(page, codesInOrder));
    const rows = await ctx.db.read((tx) => {
      const lateral = tx
        .select()
        .from(discountCodes)
        .where(own(tx, discountCodes, sql`${parentOf} = parent.id`, part.where))
        .orderBy(...part.orderBy)
        .limit(part.limit)
        .as('code_row');
      return tx
        .select(getTableColumns(codeRow))
        .from(sql`unnest(${uuids(ids)}) as parent (id)`)
        .crossJoinLateral(lateral)
        .orderBy(asc(codeRow.id));
    });
    return grouped<string, DiscountCodeRow>(ids, rows, (row) => parentIn(row) ?? '').map((theirs, index) => {
      const id = ids[index];
      return part.connection(theirs, async () => (id ? counts.load(id) : 0));
    });
  });
};

const counted = <P extends string>(
  ctx: LoadContext,
  query: (tx: Tx, ids: readonly Id<P>[]) => PromiseLike<readonly { readonly parent: Id<P>; readonly rows: number }[]>,
) =>
  loader(ctx, async (ids: readonly Id<P>[]) => {
    const rows = await ctx.db.read(async (tx) => query(tx, ids));
    return ids.map((id) => rows.find(({ parent }) => parent === id)?.rows ?? 0);
  });

export const pageLoaders = (ctx: LoadContext) => {
  const redemptions = counted<'dsc'>(ctx, (tx, ids) =>
    tx
      .select({ parent: discountRedemptions.discountId, rows: count() })
      .from(discountRedemptions)
      .where(own(tx, discountRedemptions, sql`${discountRedemptions.discountId} = any(${uuids(ids)})`))
      .groupBy(discountRedemptions.discountId),
  );
  return {
    codesOfDiscount: codePages(ctx, 'dsc', discountCodes.discountId, (row) => row.discountId),
    codesOfBatch: codePages(ctx, 'dbt', discountCodes.batchId, (row) => row.batchId),
    redemptions: pageLoader<'dsc', DiscountRedemptionRow>(ctx, async (ids, page) => {
      const part = orThrow(keyset(page, usedLast));
      const rows = await ctx.db.read((tx) => {
        const lateral = tx
          .select()
          .from(discountRedemptions)
          .where(own(tx, discountRedemptions, sql`${discountRedemptions.discountId} = parent.id`, part.where))
          .orderBy(...part.orderBy)
          .limit(part.limit)
          .as('redemption_row');
        return tx
          .select(getTableColumns(redemptionRow))
          .from(sql`unnest(${uuids(ids)}) as parent (id)`)
          .crossJoinLateral(lateral)
          .orderBy(desc(redemptionRow.redeemedAt), desc(redemptionRow.id));
      });
      return grouped(ids, rows, (row) => row.discountId).map((theirs, index) => {
        const id = ids[index];
        return part.connection(theirs, async () => (id ? redemptions.load(id) : 0));
      });
    }),
  };
};
