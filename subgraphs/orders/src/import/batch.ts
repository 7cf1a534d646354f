import { OperatorError, toUuid } from '@storegraph/core';
import { one, storeOf, type Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { maxTotal } from '../input.ts';
import { orderCounters, type orders } from '../order/tables.ts';
import type { refunds } from '../payment/tables.ts';

export interface ImportedLine {
  readonly sku: string | null;
  readonly name: string;
  readonly quantity: number;
  /** Minor units. */
  readonly unitPrice: bigint;
}

/** What became of a batch. Together they are its length. */
export interface Imported {
  readonly created: number;
  /** There already, from an earlier run. */
  readonly existing: number;
}

interface Numbered {
  readonly externalId: string;
}

/**
 * Takes the store's order counter for this transaction, and gives the last number: whoever else would import or place an order of this store
 * waits, so that what is found missing now stays missing until it is written.
 */
export async function holdNumbers(tx: Tx): Promise<bigint> {
  const held = await tx.execute<{ last: string }>(sql`
    insert into ${orderCounters} as counter (store_id, last) values (${toUuid(storeOf(tx))}::uuid, 1000)
    on conflict (store_id) do update set last = counter.last returning last::text`);
  return BigInt(one(held).last);
}

/** Those of the batch that the store does not have yet, each once. */
export async function missing<Row extends Numbered>(
  tx: Tx,
  table: typeof orders | typeof refunds,
  source: string,
  batch: readonly Row[],
): Promise<Row[]> {
  const byId = new Map<string, Row>();
  for (const row of batch) if (!byId.has(row.externalId)) byId.set(row.externalId, row);
  const known = await tx.execute<{ external_id: string }>(sql`
    select external_id from ${table}
    where store_id = ${toUuid(storeOf(tx))}::uuid and source = ${source}
      and external_id in (select jsonb_array_elements_text(cast(${JSON.stringify([...byId.keys()])}::text as jsonb)))`);
  for (const { external_id: id } of known) byId.delete(id);
  return [...byId.values()];
}

/** What the lines cost. Throws an OperatorError where that can't be counted exactly. */
export function worthOf(invoice: string, lines: readonly ImportedLine[]): bigint {
  const worth = lines.reduce((sum, { quantity, unitPrice }) => sum + unitPrice * BigInt(quantity), 0n);
  if (worth > maxTotal)
    throw new OperatorError(`The invoice ${invoice} is worth more than can be counted exactly.`, 'Correct it in the file, or take it out.');
  return worth;
}
