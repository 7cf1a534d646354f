import { newId, type Id } from '@storegraph/core';
import type { AppliedDiscount } from '../discount/evaluate.ts';
import type { AllocationRow, OrderLineRow, OrderRow } from './tables.ts';
import type { OrderTotals, PricedLine } from './totals.ts';

/** A line as it is placed: priced, and named as it was then. */
export interface PlacedLine extends PricedLine {
  /** Made when left out. */
  readonly id?: Id<'orl'>;
  readonly discountLabel: string | null;
  readonly sku: string | null;
  readonly name: string;
  readonly productId: string | null;
  readonly variantId: string | null;
}

/** The rows of lines that nothing has happened to yet. */
export function lineRows(
  order: Pick<OrderRow, 'storeId' | 'id' | 'customerId' | 'currency' | 'taxIncluded'>,
  lines: readonly PlacedLine[],
  totals: OrderTotals,
): OrderLineRow[] {
  return lines.flatMap((line, index) => {
    const sums = totals.lines[index];
    if (!sums) return [];
    return {
      storeId: order.storeId,
      id: line.id ?? newId('orl'),
      orderId: order.id,
      customerId: order.customerId,
      position: index + 1,
      sku: line.sku,
      name: line.name,
      productId: line.productId,
      variantId: line.variantId,
      currency: order.currency,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      subtotal: sums.subtotal,
      discount: sums.discount,
      tax: sums.tax,
      taxIncluded: order.taxIncluded,
      total: sums.total,
      allocated: 0,
      shipped: 0,
      delivered: 0,
      returned: 0,
      returningUnits: 0,
      refunded: 0,
    };
  });
}

/** Names under which discounts stand: of each line's own, of each promotion, and of the order's. */
export interface DiscountNames {
  readonly lines: readonly { readonly discountLabel: string | null }[];
  readonly promotions: readonly Pick<AppliedDiscount, 'discountId' | 'codeId' | 'label'>[];
  readonly discountLabel: string | null;
}

/** Where each cent of the discounts went: on each line they add up to its discount. */
export function allocationRows(
  lines: readonly Pick<OrderLineRow, 'storeId' | 'id' | 'orderId' | 'customerId'>[],
  names: DiscountNames,
  totals: OrderTotals,
): AllocationRow[] {
  return lines.flatMap(({ storeId, id: lineId, orderId, customerId }, index) => {
    const sums = totals.lines[index];
    if (!sums) return [];
    const byHand = { discountId: null, codeId: null };
    const parts = [
      { ...byHand, target: 'LINE' as const, label: names.lines[index]?.discountLabel ?? null, amount: sums.lineDiscount },
      ...names.promotions.map(({ discountId, codeId, label }, rule) => ({
        discountId,
        codeId,
        target: 'ORDER' as const,
        label,
        amount: sums.promotions[rule] ?? 0n,
      })),
      { ...byHand, target: 'ORDER' as const, label: names.discountLabel, amount: sums.orderDiscount },
    ];
    return parts.filter(({ amount }) => amount > 0n).map((part) => ({ ...part, storeId, id: newId('oda'), orderId, lineId, customerId }));
  });
}
