import { money, newId, type CustomerId } from '@storegraph/core';
import { insertRows, owned, type Tx } from '@storegraph/database';
import { emit, refundCreated } from '@storegraph/events';
import { rememberCustomers } from '../customer/known.ts';
import { refundLines, refunds } from '../payment/tables.ts';
import { holdNumbers, missing, worthOf, type Imported, type ImportedLine } from './batch.ts';

/** A credit note as another system knows it. It names no order. */
export interface ImportedRefund {
  readonly externalId: string;
  readonly refundedAt: Date;
  /** ISO 4217. */
  readonly currency: string;
  readonly customerId: CustomerId | null;
  /** At least one, quantities above zero. */
  readonly lines: readonly ImportedLine[];
}

/** Writes credit notes as refunds of source IMPORT. Works like `importOrders`: by external id, each once, in the same number of statements. */
export async function importRefunds(tx: Tx, batch: readonly ImportedRefund[]): Promise<Imported> {
  if (batch.length === 0) return { created: 0, existing: 0 };
  await holdNumbers(tx);
  const created = await missing(tx, refunds, 'IMPORT', batch);
  if (created.length === 0) return { created: 0, existing: batch.length };
  await rememberCustomers(tx, [...new Set(created.flatMap(({ customerId }) => customerId ?? []))]);

  const drafts = created.map((refund) => ({ refund, id: newId('rfd'), amount: worthOf(refund.externalId, refund.lines) }));
  await insertRows(
    tx,
    refunds,
    drafts.map(({ refund: { externalId, refundedAt, currency, customerId }, id, amount }) =>
      owned(tx, {
        id,
        customerId,
        source: 'IMPORT' as const,
        externalId,
        currency,
        amount,
        settled: amount,
        reason: 'OTHER' as const,
        grantedAt: refundedAt,
        refundedAt,
      }),
    ),
  );
  await insertRows(
    tx,
    refundLines,
    drafts.flatMap(({ refund: { customerId, lines }, id: refundId }) =>
      lines.map(({ sku, name, quantity, unitPrice }, index) =>
        owned(tx, {
          id: newId('rfl'),
          refundId,
          customerId,
          position: index + 1,
          sku,
          name,
          quantity,
          amount: unitPrice * BigInt(quantity),
        }),
      ),
    ),
  );
  await emit(
    tx,
    ...drafts.map(({ refund: { externalId, refundedAt, currency, customerId }, id, amount }) =>
      refundCreated(
        {
          refundId: id,
          orderId: null,
          orderVersion: null,
          customerId,
          amount: money(amount, currency),
          orderTotal: null,
          reason: 'OTHER',
          lines: [],
          reference: { source: 'IMPORT', externalId },
          refundedAt,
        },
        { occurredAt: refundedAt },
      ),
    ),
  );
  return { created: created.length, existing: batch.length - created.length };
}
