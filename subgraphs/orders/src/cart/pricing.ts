import type { Tx } from '@storegraph/database';
import { evaluateDiscounts, type AppliedDiscount } from '../discount/evaluate.ts';
import type { PlacedLine } from '../order/rows.ts';
import { lineSubtotal, totalsOf, type OrderTotals } from '../order/totals.ts';
import { codeProblem, lineTax, problemsOf, type CartProblem } from './cart.ts';
import type { CartLineRow, CartRow } from './tables.ts';

/** A cart as it would be charged now. */
export interface PricedCart {
  readonly lines: readonly CartLineRow[];
  /** The lines as an order takes them. */
  readonly placed: readonly PlacedLine[];
  readonly totals: OrderTotals;
  readonly applied: readonly AppliedDiscount[];
  readonly problems: readonly CartProblem[];
}

/** Prices a cart with the discounts that apply to it now, as the store's system or staff: a code that does not apply is a problem, and takes nothing off. */
export async function priceCart(tx: Tx, cart: CartRow, lines: readonly CartLineRow[], now: Date): Promise<PricedCart> {
  const goods = lines.map(({ quantity, unitPrice, sku, name, productId, variantId }) => ({
    quantity,
    unitPrice,
    sku,
    name,
    productId,
    variantId,
    discount: 0n,
    discountLabel: null,
  }));
  const { customerId, currency, shippingPrice: shipping, discountCodes: codes } = cart;
  const { applied, refused } =
    goods.length > 0
      ? await evaluateDiscounts(tx, { codes, customerId, currency, shipping, at: now, lines: goods })
      : { applied: [], refused: [] };

  const taxIncluded = cart.taxIncluded ?? false;
  const placed = goods.map((line, index) => {
    const off = applied.reduce((sum, { amounts }) => sum + (amounts[index] ?? 0n), 0n);
    return { ...line, tax: lineTax(lineSubtotal(line) - off, lines[index]?.taxRate ?? 0, taxIncluded) };
  });
  const totals = totalsOf({ lines: placed, promotions: applied, discount: 0n, tax: 0n, shipping, taxIncluded });
  const codesRefused = refused.map(({ code, reason, message }) => codeProblem(code, reason, message));
  return { lines, placed, totals, applied, problems: [...problemsOf(cart, lines, now), ...codesRefused] };
}
