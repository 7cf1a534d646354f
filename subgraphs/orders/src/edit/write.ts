import { bigints, insertRows, integers, own, type Tx, uuids } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { allocationRows, lineRows } from '../order/rows.ts';
import { orderDiscountAllocations, orderLines, type OrderRow } from '../order/tables.ts';
import type { EditPlan } from './plan.ts';

/** Writes what the lines of an order come to, those that it has and those that are new, and where each cent of the discounts now stands. */
export async function writeEditedLines(tx: Tx, order: OrderRow, { before, request, quoted }: EditPlan): Promise<void> {
  const { totals, applied } = quoted;
  // A line's place is its own for good.
  const rows = lineRows(order, request.lines, totals).map((row, index) => ({ ...row, position: before[index]?.position ?? index + 1 }));
  const kept = rows.slice(0, before.length);
  const amounts = (column: 'unitPrice' | 'subtotal' | 'discount' | 'tax' | 'total') => bigints(kept.map((row) => row[column]));
  await tx.execute(sql`
    update ${orderLines} set quantity = edited.quantity, unit_price = edited.unit_price, subtotal = edited.subtotal, discount = edited.discount,
      tax = edited.tax, total = edited.total
    from unnest(${uuids(kept.map(({ id }) => id))}, ${integers(kept.map((row) => row.quantity))}, ${amounts('unitPrice')}, ${amounts('subtotal')},
      ${amounts('discount')}, ${amounts('tax')}, ${amounts('total')})
      as edited (id, quantity, unit_price, subtotal, discount, tax, total)
    where ${own(tx, orderLines)} and ${orderLines.id} = edited.id`);
  await insertRows(tx, orderLines, rows.slice(before.length));
  const names = { lines: request.lines, promotions: applied, discountLabel: request.discountLabel };
  await insertRows(tx, orderDiscountAllocations, allocationRows(rows, names, totals));
}
