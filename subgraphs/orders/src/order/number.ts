import { toUuid } from '@storegraph/core';
import { one, storeOf, type Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { orderCounters, type OrderRow } from './tables.ts';

const counted = (tx: Tx) => sql`
  insert into ${orderCounters} as counter (store_id, last) values (${toUuid(storeOf(tx))}::uuid, 1001)
  on conflict (store_id) do update set last = counter.last + 1 returning last`;

/**
 * The store's next order number. Until the commit it keeps the store's other new orders waiting, so input, customer, discounts and
 * key are checked before; the order's rows come after, as they hang on the one that bears the number.
 */
export async function nextNumber(tx: Tx): Promise<bigint> {
  return BigInt(one(await tx.execute<{ last: string }>(counted(tx))).last);
}

/** The same as part of the statement that inserts the order: what stands before it, and the number's expression in it. */
export const numbering = (tx: Tx) => ({ with: sql`with counted as (${counted(tx)})`, number: sql`(select last from counted)` });

/** The same for a draft: negative, and not without gaps. */
export async function nextDraftNumber(tx: Tx): Promise<bigint> {
  const counter = one(
    await tx.execute<{ last: string }>(sql`
      insert into ${orderCounters} as counter (store_id, last, last_draft) values (${toUuid(storeOf(tx))}::uuid, 1000, 1)
      on conflict (store_id) do update set last_draft = counter.last_draft + 1 returning last_draft as last`),
  );
  return -BigInt(counter.last);
}

/** As people say it: 1001, or D7 for a draft. */
export const numberText = ({ number }: Pick<OrderRow, 'number'>): string => (number < 0n ? `D${-number}` : String(number));
