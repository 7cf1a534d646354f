import { fail, ok, type Id, type Result } from '@storegraph/core';
import { first, one, own, type Tx, uuids } from '@storegraph/database';
import { fulfillmentCancelled, type DraftEvent } from '@storegraph/events';
import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import { lockOrder } from '../order/lock.ts';
import { record, type Fact, type Stamp } from '../order/record.ts';
import { orderLines, type OrderEventKind, type OrderRow } from '../order/tables.ts';
import { counterChange, moveRefusal, type FulfillmentState, type MoveRefusal, type Target } from './fulfillment.ts';
import { fulfillmentLines, fulfillments, type FulfillmentRow } from './tables.ts';

/** What stands in every event of a parcel. */
export interface ParcelStamp extends Stamp {
  readonly fulfillmentId: Id<'ful'>;
  readonly lines: { lineId: Id<'orl'>; quantity: number }[];
}

export interface Move<To extends Target = Target> {
  readonly to: To;
  readonly kind: OrderEventKind;
  /** What else changes on the parcel. */
  readonly set: Partial<Pick<FulfillmentRow, 'carrier' | 'trackingNumber' | 'trackingUrl'>>;
  readonly event: (stamp: ParcelStamp, parcel: FulfillmentRow, order: OrderRow) => DraftEvent;
}

const messages: Readonly<Record<MoveRefusal, string>> = {
  ALREADY_SHIPPED: 'The parcel has left already.',
  NOT_SHIPPED: 'The parcel has not left yet.',
  ALREADY_DELIVERED: 'The parcel has arrived already.',
  ALREADY_CANCELLED: 'The parcel is cancelled.',
  ORDER_CLOSED: "The parcel's order is closed.",
  UNITS_RETURNED: 'Units of the parcel have come back, or are announced to.',
};

/** Moves a parcel to another state, with the counters of its lines and its order. */
export async function moveParcel<To extends Target>(
  tx: Tx,
  id: Id<'ful'>,
  move: Move<To>,
  now: Date,
): Promise<Result<{ id: Id<'ful'> }, MoveRefusal<To> | 'NOT_FOUND'>> {
  const isIt = own(tx, fulfillments, eq(fulfillments.id, id));
  const found = first(await tx.select({ orderId: fulfillments.orderId }).from(fulfillments).where(isIt));
  const order = found && (await lockOrder(tx, found.orderId));
  if (!order) return fail('NOT_FOUND', 'No such parcel.', ['fulfillmentId']);
  // Read once more: it may have moved before the order was locked.
  const parcel = one(await tx.select().from(fulfillments).where(isIt));
  const refusal = moveRefusal(parcel.status, move.to, order.status);
  if (refusal) return fail(refusal, messages[refusal]);
  if (move.to === 'CANCELLED' && parcel.status === 'SHIPPED' && (await hasReturned(tx, id)))
    return fail('UNITS_RETURNED' as MoveRefusal<To>, messages.UNITS_RETURNED);

  const { facts, units } = await write(tx, order, [parcel], parcel.status, move, now);
  const change = counterChange(parcel.status, move.to);
  await record(
    tx,
    order,
    {
      allocatedUnits: order.allocatedUnits + change.allocated * units,
      shippedUnits: order.shippedUnits + change.shipped * units,
      deliveredUnits: order.deliveredUnits + change.delivered * units,
      ...(move.to === 'SHIPPED' && !order.shippedAt ? { shippedAt: now } : {}),
    },
    facts,
    now,
  );
  return ok({ id });
}

/** Whether the order would have more units coming back than left with its other parcels. */
async function hasReturned(tx: Tx, id: Id<'ful'>): Promise<boolean> {
  const found = await tx
    .select({ id: orderLines.id })
    .from(fulfillmentLines)
    .innerJoin(orderLines, and(eq(orderLines.storeId, fulfillmentLines.storeId), eq(orderLines.id, fulfillmentLines.lineId)))
    .where(
      own(
        tx,
        fulfillmentLines,
        eq(fulfillmentLines.fulfillmentId, id),
        sql`${orderLines.shipped} - ${fulfillmentLines.quantity} < ${orderLines.returned} + ${orderLines.returningUnits}`,
      ),
    )
    .limit(1);
  return found.length > 0;
}

/** Cancels the parcels of a locked order that have not left, however many, in the same statements. The caller records the facts, and the order's own counters. */
export async function cancelPending(tx: Tx, order: OrderRow, now: Date): Promise<Fact[]> {
  const parcels = await tx
    .select()
    .from(fulfillments)
    .where(own(tx, fulfillments, eq(fulfillments.orderId, order.id), eq(fulfillments.status, 'PENDING')));
  return parcels.length > 0 ? (await write(tx, order, parcels, 'PENDING', cancellation, now)).facts : [];
}

export const cancellation: Move<'CANCELLED'> = {
  to: 'CANCELLED',
  kind: 'FULFILLMENT_CANCELLED',
  set: {},
  event: (stamp) => fulfillmentCancelled(stamp),
};

/** Moves parcels that are all in one state, with the counters of their lines. */
async function write(
  tx: Tx,
  order: OrderRow,
  parcels: readonly FulfillmentRow[],
  from: FulfillmentState,
  move: Move,
  now: Date,
): Promise<{ facts: Fact[]; units: number }> {
  const ids = parcels.map(({ id }) => id);
  const moved = await tx
    .update(fulfillments)
    .set({ ...move.set, status: move.to, ...momentOf(move.to, now) })
    .where(own(tx, fulfillments, sql`${fulfillments.id} = any(${uuids(ids)})`))
    .returning();
  const isTheirs = own(tx, fulfillmentLines, sql`${fulfillmentLines.fulfillmentId} = any(${uuids(ids)})`);
  const { fulfillmentId: of, lineId, quantity } = getTableColumns(fulfillmentLines);
  const parts = await tx.select({ of, lineId, quantity }).from(fulfillmentLines).where(isTheirs);
  const change = counterChange(from, move.to);
  await tx.execute(sql`
    update ${orderLines} set
      allocated = allocated + part.quantity * ${change.allocated}::integer,
      shipped = shipped + part.quantity * ${change.shipped}::integer,
      delivered = delivered + part.quantity * ${change.delivered}::integer
    from (select ${lineId} as line_id, sum(${quantity})::integer as quantity from ${fulfillmentLines} where ${isTheirs} group by 1) as part
    where ${own(tx, orderLines)} and ${orderLines.id} = part.line_id`);
  const byParcel = Map.groupBy(parts, (part) => part.of);
  return {
    units: parts.reduce((sum, part) => sum + part.quantity, 0),
    facts: moved
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((parcel) => {
        const lines = (byParcel.get(parcel.id) ?? []).map((part) => ({ lineId: part.lineId, quantity: part.quantity }));
        const fulfillmentId = parcel.id;
        return { kind: move.kind, fulfillmentId, event: (stamp) => move.event({ ...stamp, fulfillmentId, lines }, parcel, order) };
      }),
  };
}

function momentOf(state: FulfillmentState, now: Date): Partial<FulfillmentRow> {
  switch (state) {
    case 'PENDING':
      return {};
    case 'SHIPPED':
      return { shippedAt: now };
    case 'DELIVERED':
      return { deliveredAt: now };
    case 'CANCELLED':
      return { cancelledAt: now };
  }
}
