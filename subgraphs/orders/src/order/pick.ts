import { ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import type { OrderLineRow } from './tables.ts';

export interface Picked {
  readonly line: OrderLineRow;
  readonly quantity: number;
}

/** Finds the lines that somebody names, each at most once, and checks that `left` has as many units. Says all that is wrong. */
export function pickUnits(
  lines: readonly OrderLineRow[],
  asked: readonly { readonly lineId: Id<'orl'>; readonly quantity: number }[],
  left: (line: OrderLineRow) => number,
): Result<Picked[], 'NOT_FOUND' | 'INVALID' | 'QUANTITY_TOO_HIGH'> {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const seen = new Set<Id<'orl'>>();
  const picked: Picked[] = [];
  const problems: Problem<'NOT_FOUND' | 'INVALID' | 'QUANTITY_TOO_HIGH'>[] = [];
  for (const [index, { lineId, quantity }] of asked.entries()) {
    const line = byId.get(lineId);
    const field = (name: string) => ['lines', String(index), name];
    if (!line) problems.push({ code: 'NOT_FOUND', message: 'The order has no such line.', field: field('lineId') });
    else if (seen.has(lineId)) problems.push({ code: 'INVALID', message: 'The line is named twice.', field: field('lineId') });
    else if (quantity > left(line))
      problems.push({ code: 'QUANTITY_TOO_HIGH', message: `Only ${left(line)} are left.`, field: field('quantity') });
    else picked.push({ line, quantity });
    seen.add(lineId);
  }
  return problems.length > 0 ? refuse(problems) : ok(picked);
}
