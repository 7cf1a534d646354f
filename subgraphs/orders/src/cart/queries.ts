import type { Id } from '@storegraph/core';
import { descending, first, keyset, own, type Connection, type PageArguments } from '@storegraph/database';
import { orThrow, PublicError, readId, type Context } from '@storegraph/subgraph';
import { and, eq, gt, isNotNull, isNull, lte, or, type SQL } from 'drizzle-orm';
import { mayUse, shopOf } from './access.ts';
import type { CartStatus } from './cart.ts';
import { carts } from './tables.ts';
import { cartView, type CartView } from './view.ts';

/** The cart, where the caller may use it: the secret opens one of nobody known. */
export async function cartById(ctx: Context, { id, token }: { id: string; token?: string | null }): Promise<CartView | null> {
  const shop = shopOf(ctx);
  if (!shop) return null;
  const row = first(
    await shop.db.read((tx) =>
      tx
        .select()
        .from(carts)
        .where(own(tx, carts, eq(carts.id, readId('crt', id)))),
    ),
  );
  return row && mayUse(row, ctx.identity, token) ? cartView(row, shop) : null;
}

export interface CartListArguments extends PageArguments {
  readonly filter?: {
    readonly status?: readonly CartStatus[] | null;
    readonly customerId?: string | null;
    readonly empty?: boolean | null;
    readonly source?: string | null;
    readonly externalId?: string | null;
  } | null;
}

export type CartConnection = Connection<CartView>;

/**
 * A page of the store's carts, or of the customer's own, the one changed last first. Throws BAD_REQUEST for a page that can not be, and FORBIDDEN for a
 * customer's question after the shop system behind a cart.
 */
export async function cartPage(ctx: Context, { filter, ...args }: CartListArguments): Promise<CartConnection> {
  if (ctx.identity.kind === 'CUSTOMER' && (filter?.source || filter?.externalId))
    throw new PublicError('FORBIDDEN', 'Which shop system keeps a cart is not for customers.');
  const page = orThrow(keyset(args, { table: carts, sort: [descending(carts.changedAt)], id: carts.id }));
  const conditions = [
    filter?.status ? or(...filter.status.map((status) => isIn(status, ctx.clock.now()))) : undefined,
    filter?.customerId ? eq(carts.customerId, readId('cus', filter.customerId)) : undefined,
    filter?.empty === undefined || filter.empty === null ? undefined : filter.empty ? eq(carts.units, 0) : gt(carts.units, 0),
    filter?.source ? eq(carts.source, filter.source) : undefined,
    filter?.externalId ? eq(carts.externalId, filter.externalId) : undefined,
    ctx.identity.kind === 'CUSTOMER' ? eq(carts.customerId, ctx.identity.subjectId as Id<'cus'>) : undefined,
  ];
  return ctx.db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(carts)
      .where(own(tx, carts, ...conditions, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit);
    const shop = shopOf(ctx) ?? ctx;
    return page.connection(
      rows.map((row) => cartView(row, shop)),
      () => ctx.db.read((again) => again.$count(carts, own(again, carts, ...conditions))),
      ({ row }) => row,
    );
  });
}

/** As `statusOf` has it. */
function isIn(status: CartStatus, now: Date): SQL | undefined {
  const open = isNull(carts.convertedAt);
  switch (status) {
    case 'CONVERTED':
      return isNotNull(carts.convertedAt);
    case 'EXPIRED':
      return and(open, lte(carts.expiresAt, now));
    case 'ABANDONED':
      return and(open, gt(carts.expiresAt, now), isNotNull(carts.abandonedAt), isNull(carts.recoveredAt));
    case 'RECOVERED':
      return and(open, gt(carts.expiresAt, now), isNotNull(carts.recoveredAt));
    case 'ACTIVE':
      return and(open, gt(carts.expiresAt, now), isNull(carts.abandonedAt));
  }
}
