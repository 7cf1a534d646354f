import type { InvoiceLine, Rejection, RejectionCode } from './line.ts';

/** What an invoice of the file becomes. */
export type Invoice =
  | { readonly kind: 'ORDER' | 'REFUND' | 'STOCK_ADJUSTMENT'; readonly lines: readonly InvoiceLine[] }
  | { readonly kind: 'REJECTED'; readonly rejections: readonly Rejection[] };

/**
 * Decides by the layout's rules: a number that starts with C is a credit note, and so a refund; an ordinary number whose quantities are all
 * negative is a stock adjustment; everything else is an order. An invoice that contradicts itself is rejected line by line.
 */
export function classify(lines: readonly InvoiceLine[]): Invoice {
  const credit = lines.some((line) => /^c/i.test(line.invoice));
  const negative = lines.filter((line) => line.quantity < 0).length;
  if (negative > 0 && negative < lines.length) {
    return rejected(lines, 'MIXED_SIGNS', 'The invoice has positive and negative quantities.');
  }
  if (credit && negative === 0) return rejected(lines, 'MIXED_SIGNS', 'The credit note has positive quantities.');
  if (new Set(lines.map((line) => line.customer)).size > 1)
    return rejected(lines, 'MIXED_CUSTOMERS', 'The invoice names several customers.');
  if (credit) return { kind: 'REFUND', lines };
  return { kind: negative > 0 ? 'STOCK_ADJUSTMENT' : 'ORDER', lines };
}

function rejected(lines: readonly InvoiceLine[], code: RejectionCode, reason: string): Invoice {
  return {
    kind: 'REJECTED',
    rejections: lines.map((line) => ({
      number: line.number,
      code,
      reason,
      cells: [line.invoice, line.sku, line.name, String(line.quantity)],
    })),
  };
}

/**
 * Gathers the lines of one invoice, which stand together in the file. An invoice that comes up again after others were read is refused:
 * its first part has already become an order.
 */
export async function* invoices(lines: AsyncIterable<InvoiceLine>): AsyncGenerator<Invoice> {
  const closed = new Set<string>();
  let current: InvoiceLine[] = [];
  for await (const line of lines) {
    if (closed.has(line.invoice)) {
      yield rejected([line], 'SCATTERED', 'The invoice came up before: its lines have to stand together.');
      continue;
    }
    const first = current[0];
    if (first && first.invoice !== line.invoice) {
      closed.add(first.invoice);
      yield classify(current);
      current = [];
    }
    current.push(line);
  }
  if (current.length > 0) yield classify(current);
}
