import { own, type Tx } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { writeLines, type Quote, type Request } from '../order/place.ts';
import { orderLines, type OrderRow } from '../order/tables.ts';
import type { OrderTotals } from '../order/totals.ts';
import { storedRequest } from './draft.ts';

/** The columns of a draft that follow from what it asks for. */
export const pricedColumns = (request: Request, { totals }: { readonly totals: OrderTotals }) => ({
  ...sums(totals),
  taxIncluded: request.taxIncluded,
  orderedUnits: unitsOf(request),
  draft: storedRequest(request),
});

export const unitsOf = ({ lines }: Pick<Request, 'lines'>): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);

export const sums = ({ subtotal, discount, tax, shipping, shippingDiscount, total }: OrderTotals) => ({
  subtotal,
  discount,
  tax,
  shipping,
  shippingDiscount,
  total,
});

/**
 * Writes a draft's lines in place of those that it had. They bear no customer until it is placed: a customer does not see drafts, and a line
 * shows itself by its own columns.
 */
export async function replaceLines(
  tx: Tx,
  order: OrderRow,
  request: Request,
  quoted: Quote,
  customerId: OrderRow['customerId'],
): Promise<void> {
  await tx.delete(orderLines).where(own(tx, orderLines, eq(orderLines.orderId, order.id)));
  await writeLines(tx, { ...order, customerId }, request, quoted);
}
