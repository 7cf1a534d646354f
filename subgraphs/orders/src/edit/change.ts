import { decodeJson, encodeJson, type Id } from '@storegraph/core';
import type { OrderEventRow, OrderLineRow, OrderRow } from '../order/tables.ts';
import type { OrderTotals } from '../order/totals.ts';

export const changeSubjects = ['LINE', 'SHIPPING', 'DISCOUNT', 'TAX', 'TOTAL'] as const;
export type ChangeSubject = (typeof changeSubjects)[number];

/** One thing that an edit changed. Of a line: its units, and its total; of the order: an amount. */
export interface Change {
  readonly subject: ChangeSubject;
  readonly lineId: Id<'orl'> | null;
  readonly quantityBefore: number | null;
  readonly quantityAfter: number | null;
  readonly amountBefore: bigint;
  readonly amountAfter: bigint;
}

export const storedChanges = (changes: readonly Change[]): unknown => JSON.parse(encodeJson(changes));

/** What an entry of the timeline says was changed. */
export const changesOf = ({ changes }: Pick<OrderEventRow, 'changes'>): readonly Change[] =>
  // Written by `storedChanges` alone.
  changes === null ? [] : (decodeJson(JSON.stringify(changes)) as readonly Change[]);

type Sums = Pick<OrderRow, 'shipping' | 'shippingDiscount' | 'discount' | 'tax' | 'total'>;

/** All that differs between an order and what it is to become. `lines` are those that it is to have, `totals.lines` what each comes to. */
export function changesBetween(
  before: Sums,
  linesBefore: readonly OrderLineRow[],
  totals: OrderTotals,
  lines: readonly { readonly id: Id<'orl'>; readonly quantity: number }[],
): Change[] {
  const known = new Map(linesBefore.map((line) => [line.id, line]));
  const ofLines = lines.flatMap(({ id, quantity }, index): Change[] => {
    const was = known.get(id);
    const amountAfter = totals.lines[index]?.total ?? 0n;
    if (was?.quantity === quantity && was.total === amountAfter) return [];
    return [
      {
        subject: 'LINE',
        lineId: id,
        quantityBefore: was?.quantity ?? 0,
        quantityAfter: quantity,
        amountBefore: was?.total ?? 0n,
        amountAfter,
      },
    ];
  });
  const amounts: [ChangeSubject, bigint, bigint][] = [
    ['SHIPPING', before.shipping, totals.shipping],
    ['DISCOUNT', before.discount + before.shippingDiscount, totals.discount + totals.shippingDiscount],
    ['TAX', before.tax, totals.tax],
    ['TOTAL', before.total, totals.total],
  ];
  const ofOrder = amounts
    .filter(([, was, is]) => was !== is)
    .map(([subject, amountBefore, amountAfter]) => ({
      subject,
      lineId: null,
      quantityBefore: null,
      quantityAfter: null,
      amountBefore,
      amountAfter,
    }));
  return [...ofLines, ...ofOrder];
}
