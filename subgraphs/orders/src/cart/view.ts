import type { Id } from '@storegraph/core';
import { own } from '@storegraph/database';
import { grouped, loader, type Context, type LoadContext } from '@storegraph/subgraph';
import { asc, inArray } from 'drizzle-orm';
import { priceCart, type PricedCart } from './pricing.ts';
import { cartLines, type CartRow } from './tables.ts';

/** A cart whose reader has proven that it is theirs, with the context in which the rest of it can be read. */
export interface CartView {
  readonly id: Id<'crt'>;
  readonly row: CartRow;
  readonly shop: Context;
  /** Asked for once, however many fields need it. */
  readonly priced: () => Promise<PricedCart>;
}

export function cartView(row: CartRow, shop: Context): CartView {
  let pricing: Promise<PricedCart> | undefined;
  const price = async () => {
    const lines = await shop.load(cartLoaders).lines.load(row.id);
    return shop.db.read((tx) => priceCart(tx, row, lines, shop.clock.now()));
  };
  return { id: row.id, row, shop, priced: () => (pricing ??= price()) };
}

const cartLoaders = (ctx: LoadContext) => ({
  lines: loader(ctx, async (ids: readonly Id<'crt'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(cartLines)
        .where(own(tx, cartLines, inArray(cartLines.cartId, [...ids])))
        .orderBy(asc(cartLines.createdAt), asc(cartLines.id)),
    );
    return grouped(ids, rows, (line) => line.cartId);
  }),
});
