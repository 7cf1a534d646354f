import { money, type Money } from '@storegraph/core';
import { payload, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders as orderLoaders } from '../order/loaders.ts';
import { numberText } from '../order/number.ts';
import { cartTransitions, statusOf } from './cart.ts';
import { cartCheckout } from './commands/cart-checkout.ts';
import { cartClaim } from './commands/cart-claim.ts';
import { cartCreate } from './commands/cart-create.ts';
import { cartDiscountCodesSet } from './commands/cart-discount-codes-set.ts';
import { cartLineAdd } from './commands/cart-line-add.ts';
import { cartLineUpdate } from './commands/cart-line-update.ts';
import { cartOffersCreate } from './commands/cart-offers-create.ts';
import { cartRecover } from './commands/cart-recover.ts';
import { cartShippingSet } from './commands/cart-shipping-set.ts';
import { cartUpdate } from './commands/cart-update.ts';
import type { PricedCart } from './pricing.ts';
import { cartById, cartPage } from './queries.ts';
import type { CartLineRow } from './tables.ts';
import type { CartView } from './view.ts';

/** A line with what the cart's pricing says of it. */
export interface PricedCartLine {
  readonly line: CartLineRow;
  readonly currency: string;
  readonly sums: PricedCart['totals']['lines'][number];
}

async function pricedLines({ row, priced }: CartView): Promise<PricedCartLine[]> {
  const { lines, totals } = await priced();
  return lines.flatMap((line, index) => {
    const sums = totals.lines[index];
    return sums ? [{ line, currency: row.currency, sums }] : [];
  });
}

const now = ({ clock }: Context): Date => clock.now();
const inCurrency = ({ row }: CartView, amount: bigint): Money => money(amount, row.currency);

export const resolvers: Resolvers = {
  Query: {
    cart: (_, { id, token }, ctx) => cartById(ctx, { id, token: token ?? null }),
    carts: (_, args, ctx) => cartPage(ctx, args),
  },
  Mutation: {
    cartOffersCreate: async (_, { input }, ctx) => payload(await cartOffersCreate(ctx, input)),
    cartCreate: async (_, { input }, ctx) => payload(await cartCreate(ctx, input)),
    cartLineAdd: async (_, { input }, ctx) => payload('cart', await cartLineAdd(ctx, input)),
    cartLineUpdate: async (_, { input }, ctx) => payload('cart', await cartLineUpdate(ctx, input)),
    cartUpdate: async (_, { input }, ctx) => payload('cart', await cartUpdate(ctx, input)),
    cartShippingSet: async (_, { input }, ctx) => payload('cart', await cartShippingSet(ctx, input)),
    cartDiscountCodesSet: async (_, { input }, ctx) => payload('cart', await cartDiscountCodesSet(ctx, input)),
    cartClaim: async (_, { input }, ctx) => payload('cart', await cartClaim(ctx, input)),
    cartRecover: async (_, { input }, ctx) => payload(await cartRecover(ctx, input)),
    cartCheckout: async (_, { input }, ctx) => payload('cart', await cartCheckout(ctx, input)),
  },
  Cart: {
    status: ({ row }, _, ctx) => statusOf(row, now(ctx)),
    availableTransitions: async ({ row, priced }, _, ctx) => cartTransitions(row, (await priced()).problems, now(ctx)),
    customer: ({ row }) => (row.customerId ? { id: row.customerId } : null),
    source: ({ row }) => row.source,
    externalId: ({ row }) => row.externalId,
    recoveryUrl: ({ row }) => row.recoveryUrl,
    currency: ({ row }) => row.currency,
    contact: ({ row }) => ({ name: row.contactName, email: row.contactEmail, phone: row.contactPhone }),
    billingAddress: ({ row }) => row.billingAddress,
    shippingAddress: ({ row }) => row.shippingAddress,
    customerNote: ({ row }) => row.customerNote,
    lines: pricedLines,
    units: ({ row }) => row.units,
    estimatedTotal: (cart) => inCurrency(cart, cart.row.total),
    totals: async (cart) => {
      const { totals } = await cart.priced();
      return {
        subtotal: inCurrency(cart, totals.subtotal),
        discount: inCurrency(cart, totals.discount),
        tax: inCurrency(cart, totals.tax),
        taxIncluded: cart.row.taxIncluded ?? false,
        shipping: inCurrency(cart, totals.shipping),
        shippingDiscount: inCurrency(cart, totals.shippingDiscount),
        total: inCurrency(cart, totals.total),
      };
    },
    discountCodes: ({ row }) => row.discountCodes,
    discounts: async (cart) =>
      (await cart.priced()).applied.map(({ label, code, amounts, shipping }) => ({
        label,
        code,
        amount: inCurrency(
          cart,
          amounts.reduce((sum, amount) => sum + amount, shipping),
        ),
      })),
    shippingMethod: ({ row }) => row.shippingName,
    problems: async (cart) => {
      const [{ problems }, lines] = await Promise.all([cart.priced(), pricedLines(cart)]);
      return problems.map((problem) => ({ ...problem, line: lines.find(({ line }) => line.id === problem.line?.id) ?? null }));
    },
    order: async ({ row, shop }) => (row.orderId ? shop.load(orderLoaders).byId.load(row.orderId) : null),
    changedAt: ({ row }) => row.changedAt,
    expiresAt: ({ row }) => row.expiresAt,
    convertedAt: ({ row }) => row.convertedAt,
    abandonedAt: ({ row }) => row.abandonedAt,
    recoveredAt: ({ row }) => row.recoveredAt,
    createdAt: ({ row }) => row.createdAt,
  },
  CartLine: {
    id: ({ line }) => line.id,
    sku: ({ line }) => line.sku,
    name: ({ line }) => line.name,
    productId: ({ line }) => line.productId,
    variantId: ({ line }) => line.variantId,
    imageUrl: ({ line }) => line.imageUrl,
    quantity: ({ line }) => line.quantity,
    maxQuantity: ({ line }) => line.maxQuantity,
    unitPrice: ({ line, currency }) => money(line.unitPrice, currency),
    subtotal: ({ sums, currency }) => money(sums.subtotal, currency),
    discount: ({ sums, currency }) => money(sums.discount, currency),
    tax: ({ sums, currency }) => money(sums.tax, currency),
    total: ({ sums, currency }) => money(sums.total, currency),
    offerExpiresAt: ({ line }) => line.offerExpiresAt,
  },
  CartOrder: {
    number: (order) => numberText(order),
    total: (order) => money(order.total, order.currency),
    due: (order) => {
      const due = order.total - order.captured - order.authorized;
      return money(due > 0n ? due : 0n, order.currency);
    },
  },
};
