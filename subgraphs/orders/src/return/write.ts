import type { Id } from '@storegraph/core';
import { integers, own, type Tx, uuids } from '@storegraph/database';
import { returnApproved, returnCancelled, returnDeclined, returnReceived, returnRequested } from '@storegraph/events';
import { eq, sql } from 'drizzle-orm';
import type { Fact } from '../order/record.ts';
import { orderLines, type OrderRow } from '../order/tables.ts';
import { returns, type ReturnRow } from './tables.ts';

export interface Units {
  readonly lineId: Id<'orl'>;
  readonly quantity: number;
}

/** Changes how many units of an order's lines are announced to come back, and how many came. The database refuses more than has left. */
export async function countUnits(
  tx: Tx,
  units: readonly Units[],
  { announced, returned }: { announced: 1 | -1; returned: 0 | 1 },
): Promise<void> {
  if (units.length === 0) return;
  await tx.execute(sql`
    update ${orderLines} set returning_units = returning_units + part.quantity * ${announced}::integer, returned = returned + part.quantity * ${returned}::integer
    from unnest(${uuids(units.map(({ lineId }) => lineId))}, ${integers(units.map(({ quantity }) => quantity))}) as part (id, quantity)
    where ${own(tx, orderLines)} and ${orderLines.id} = part.id`);
}

export const changeReturn = (tx: Tx, id: Id<'ret'>, changes: Partial<ReturnRow>) =>
  tx
    .update(returns)
    .set(changes)
    .where(own(tx, returns, eq(returns.id, id)));

export const sumOf = (units: readonly Pick<Units, 'quantity'>[]): number => units.reduce((sum, { quantity }) => sum + quantity, 0);

const contactOf = (order: OrderRow) => ({
  personal: { name: order.contactName, email: order.contactEmail, phone: order.contactPhone },
});

// The facts of a return, each with its event.

export const requestedFact = (returnId: Id<'ret'>, lines: readonly Units[]): Fact => ({
  kind: 'RETURN_REQUESTED',
  returnId,
  event: (stamp, order) => returnRequested({ ...stamp, returnId, lines: [...lines] }, contactOf(order)),
});

export const approvedFact = (returnId: Id<'ret'>): Fact => ({
  kind: 'RETURN_APPROVED',
  returnId,
  event: (stamp, order) => returnApproved({ ...stamp, returnId }, contactOf(order)),
});

export const declinedFact = (returnId: Id<'ret'>): Fact => ({
  kind: 'RETURN_DECLINED',
  returnId,
  event: (stamp, order) => returnDeclined({ ...stamp, returnId }, contactOf(order)),
});

export const receivedFact = (returnId: Id<'ret'>, lines: readonly Units[], complete: boolean): Fact => ({
  kind: 'RETURN_RECEIVED',
  returnId,
  event: (stamp, order) =>
    returnReceived({ ...stamp, returnId, lines: [...lines], complete, orderReturned: order.returnedUnits === order.orderedUnits }),
});

export const cancelledFact = (returnId: Id<'ret'>, lines: readonly Units[]): Fact => ({
  kind: 'RETURN_CANCELLED',
  returnId,
  event: (stamp) => returnCancelled({ ...stamp, returnId, lines: [...lines] }),
});
